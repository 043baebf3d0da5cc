namespace EdgeAI.Devices;

/// <summary>
/// An optional capability of an <see cref="ISessionBinding"/>, asked for by a cast: computing only some of the outputs.
/// A binding without it computes all of them.
/// </summary>
public interface IOutputSelection
{
    /// <summary>Chooses the outputs of this and later runs; work that only others need may be left out. Initially all that a tensor can hold. Drops the last run's outputs.</summary>
    /// <param name="indexes">Their indexes in <see cref="IDeviceSession.Signature"/>, each at most once; one at least.</param>
    /// <exception cref="ArgumentException">An index is outside the signature or occurs twice, or there is none.</exception>
    /// <exception cref="NotSupportedException">An output is no dense tensor (a sequence, map, optional or sparse tensor).</exception>
    void SelectOutputs(ReadOnlySpan<int> indexes);
}
