using EdgeAI.Configuration;
using EdgeAI.Engine;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeAI.Routing;

/// <summary>How a model comes by its policy.</summary>
[TestClass]
public sealed class RoutingPoliciesTests
{
    [TestMethod]
    [DataRow(RoutingPolicyNames.EarliestFinish)]
    [DataRow(RoutingPolicyNames.LeastLoaded)]
    [DataRow(RoutingPolicyNames.Efficiency)]
    [DataRow(RoutingPolicyNames.RoundRobin)]
    [DataRow("own")]
    public async Task LoadModelAsync_NamedPolicy_Loads(string name)
    {
        await using var fixture = new EngineFixture(more: builder => builder.AddRoutingPolicy<OwnPolicy>().AddRoutingPolicy<OwnPolicy>());

        await using var model = await fixture.LoadAsync(new ModelOptions { RoutingPolicy = name });

        (await model.RunAsync(EngineFixture.Request())).Dispose();
    }

    [TestMethod]
    public async Task LoadModelAsync_UnknownPolicy_SaysWhichThereAre()
    {
        await using var fixture = new EngineFixture(more: builder => builder.AddRoutingPolicy<OwnPolicy>());

        var error = await Assert.ThrowsExactlyAsync<ModelLoadException>(() => fixture.LoadAsync(new ModelOptions { RoutingPolicy = "fastest" }));

        foreach (var known in new[] { "'fastest'", RoutingPolicyNames.EarliestFinish, RoutingPolicyNames.LeastLoaded, RoutingPolicyNames.Efficiency, RoutingPolicyNames.RoundRobin, "own", "AddRoutingPolicy" })
        {
            StringAssert.Contains(error.Message, known);
        }
    }

    [TestMethod]
    public void Create_TwoOfOneName_Throws() =>
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => new RoutingPolicies([new OwnPolicy(), new OwnPolicy()])).Message, "'own'");

    [TestMethod]
    [DataRow(0, 1)]
    [DataRow(-1, 1)]
    [DataRow(1, 0)]
    [DataRow(null, 0)]
    public void Check_MaxDevices_MustBePositive(int? devices, int errors)
    {
        var found = ModelOptionsValidator.Check(new ModelOptions { MaxDevices = devices });

        Assert.HasCount(errors, found);
        foreach (var error in found) StringAssert.Contains(error, "MaxDevices");
    }

    [TestMethod]
    public void Fingerprint_RoutingDiffers_IsAnother()
    {
        var prints = new[] { new ModelOptions(), new ModelOptions { MaxDevices = 1 }, new ModelOptions { MaxDevices = 2 }, new ModelOptions { RoutingPolicy = "own" } }
            .Select(options => ModelSettings.From(options, new EdgeAIOptions()).Fingerprint).ToArray();

        CollectionAssert.AllItemsAreUnique(prints);
    }

    private sealed class OwnPolicy : IRoutingPolicy
    {
        public string Name => "own";

        public int Choose(ReadOnlySpan<RoutingOption> options, in RoutingQuery query) => 0;
    }
}
