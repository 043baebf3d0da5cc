namespace EdgeAI.Devices;

/// <summary>
/// An optional capability of an <see cref="ISessionBinding"/>, asked for by a cast: keeping only some of the outputs.
/// A binding without it keeps all of them.
/// </summary>
public interface IOutputSelection
{
    /// <summary>Chooses the outputs of this and later runs; others are not kept, and a runtime may leave out the work for them. Initially all that a tensor can hold. Drops the last run's outputs.</summary>
    /// <param name="indexes">Their indexes in <see cref="IDeviceSession.Signature"/>, each at most once; one at least.</param>
    /// <exception cref="ArgumentException">An index is outside the signature or occurs twice, or there is none.</exception>
    /// <exception cref="NotSupportedException">An output is no dense tensor (a sequence, map, optional or sparse tensor).</exception>
    void SelectOutputs(ReadOnlySpan<int> indexes);
}
