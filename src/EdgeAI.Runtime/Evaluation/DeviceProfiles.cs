using System.Collections.Concurrent;

namespace EdgeAI.Evaluation;

/// <summary>The profiles that are known: measured by this process, or kept by an earlier one. Thread-safe.</summary>
/// <param name="store">Where they are kept; <see langword="null"/> for nowhere.</param>
internal sealed class DeviceProfiles(ProfileStore? store)
{
    private readonly ConcurrentDictionary<ProfileKey, DeviceProfile?> _known = new();

    /// <summary>The profile of a device as it is now; <see langword="null"/> where there is none. Reads a file once a device.</summary>
    public DeviceProfile? Find(DeviceInfo device) => _known.GetOrAdd(ProfileKey.Of(device), static (key, store) => store?.TryLoad(key), store);

    public void Set(DeviceInfo device, DeviceProfile profile)
    {
        var key = ProfileKey.Of(device);
        _known[key] = profile;
        store?.Save(key, profile);
    }
}
