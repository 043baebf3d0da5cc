using EdgeAI.Devices;

namespace EdgeAI.Testing.Conformance;

/// <summary>The contract of <see cref="IDeviceProvider"/>.</summary>
public abstract class DiscoveryConformance : ConformanceSuite
{
    /// <summary>A lower-case name, the same each time.</summary>
    [TestMethod]
    public void Name_IsLowerCaseAndConstant()
    {
        Assert.IsFalse(string.IsNullOrWhiteSpace(Provider.Name), "A provider needs a name.");
        Assert.AreEqual(Provider.Name.ToLowerInvariant(), Provider.Name, "A provider's name is lower-case.");
        Assert.AreEqual(Provider.Name, CreateProvider().Name, "A provider's name is the same for every instance.");
    }

    /// <summary>A device that is here, or a reason why not.</summary>
    [TestMethod]
    public async Task DiscoverAsync_Absence_ComesWithItsReason()
    {
        var found = await Provider.DiscoverAsync().ConfigureAwait(false);
        if (found.Devices.Count == 0) Assert.AreNotEqual(0, found.Unavailable.Count, "No device was found, so a reason must be.");
        foreach (var reason in found.Unavailable)
        {
            Assert.IsFalse(string.IsNullOrWhiteSpace(reason), "A reason must say something.");
            Assert.IsFalse(reason.EndsWith('.'), $"A reason is a sentence without its full stop: '{reason}'.");
        }
    }

    /// <summary>Identifiers are unique, and name their provider.</summary>
    [TestMethod]
    public async Task DiscoverAsync_Devices_HaveUniqueIdsAndNameTheirProvider()
    {
        var found = await Provider.DiscoverAsync().ConfigureAwait(false);
        var ids = found.Devices.Select(device => device.Info.Id).ToArray();
        Assert.HasCount(ids.Length, ids.Distinct().ToArray(), $"Two devices share an id: {string.Join(", ", ids)}.");
        foreach (var device in found.Devices) Assert.AreEqual(Provider.Name, device.Info.Provider, $"{device.Info.Id} must name its provider.");
    }

    /// <summary>The same device is the same object for the same identifier.</summary>
    [TestMethod]
    public async Task DiscoverAsync_Again_GivesTheSameObjectForTheSameId()
    {
        var first = await Provider.DiscoverAsync().ConfigureAwait(false);
        var second = await Provider.DiscoverAsync().ConfigureAwait(false);
        AssertSameDevices(first, second);
    }

    /// <summary>Discovery is thread-safe.</summary>
    [TestMethod]
    public async Task DiscoverAsync_Concurrently_GivesTheSameObjects()
    {
        var provider = CreateProvider();
        var all = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () => await provider.DiscoverAsync().ConfigureAwait(false)))).ConfigureAwait(false);
        foreach (var found in all) AssertSameDevices(all[0], found);
        foreach (var device in all[0].Devices) await device.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>A cancelled discovery throws a cancellation or completes, and is repeatable.</summary>
    [TestMethod]
    public async Task DiscoverAsync_Cancelled_HarmsNothing()
    {
        try
        {
            await Provider.DiscoverAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Either is allowed: what was found may be remembered.
        }

        AssertSameDevices(await Provider.DiscoverAsync().ConfigureAwait(false), await Provider.DiscoverAsync().ConfigureAwait(false));
    }

    private static void AssertSameDevices(DeviceDiscovery first, DeviceDiscovery second)
    {
        Assert.HasCount(first.Devices.Count, second.Devices, "Two discoveries found different numbers of devices.");
        foreach (var device in first.Devices)
        {
            var again = second.Devices.FirstOrDefault(other => other.Info.Id == device.Info.Id);
            Assert.AreSame(device, again, $"{device.Info.Id} must be the same object in every discovery.");
        }
    }
}
