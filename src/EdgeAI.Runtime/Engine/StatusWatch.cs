using EdgeAI.Devices;
using EdgeAI.Sessions;

namespace EdgeAI.Engine;

/// <summary>Asks the devices of a model twice a second how they are, so that the router knows, and has those proved that have rested after faults. Only models that are open on several devices have one. Thread-safe.</summary>
internal sealed class StatusWatch : IDisposable
{
    private static readonly TimeSpan _period = TimeSpan.FromMilliseconds(500);

    private readonly ModelContext _model;
    private readonly IReadOnlyList<DeviceLanes> _lanes;
    private readonly DeviceProof? _proof;
    private readonly ITimer _timer;
    private int _isLooking;

    /// <summary>Starts at once.</summary>
    /// <param name="model">The model.</param>
    /// <param name="lanes">Its lanes.</param>
    /// <param name="proof">Proves its devices; <see langword="null"/> where nothing is measured in the background.</param>
    public StatusWatch(ModelContext model, IReadOnlyList<DeviceLanes> lanes, DeviceProof? proof)
    {
        _proof = proof;
        _model = model;
        _lanes = lanes;
        _timer = model.Clock.TimeProvider.CreateTimer(static watch => ((StatusWatch)watch!).Look(), this, TimeSpan.Zero, _period);
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        // A device that takes its time to answer is not asked again meanwhile.
        if (Interlocked.Exchange(ref _isLooking, 1) != 0) return;
        try
        {
            for (var i = 0; i < _lanes.Count; i++)
            {
                _model.Driver.Observe(_lanes[i].DeviceId, Ask(_lanes[i].Device));
                _proof?.ProveIfDue(_lanes[i].DeviceId);
            }
        }
        finally
        {
            Volatile.Write(ref _isLooking, 0);
        }
    }

    private static DeviceStatus Ask(IDevice device)
    {
        try
        {
            return device.GetStatus();
        }
        catch (Exception)
        {
            return new DeviceStatus { Health = DeviceHealth.Unknown };
        }
    }
}
