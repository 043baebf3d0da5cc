using EdgeAI.Devices;

namespace EdgeAI.Testing.Tests.Conformance.Flaws;

internal sealed class FlawedBinding(ISessionBinding sound, ModelSignature signature, TensorValue?[] sharedInputs, Flaw flaw) : ISessionBinding
{
    private readonly TensorValue?[] _bound = new TensorValue?[signature.Outputs.Count];
    private readonly TensorValue?[] _reused = new TensorValue?[signature.Outputs.Count];
    private readonly List<TensorValue> _inputs = [];
    private readonly List<TensorValue> _given = [];
    private TensorValue? _unbound;
    private object? _garbage;
    private bool _isDisposed;

    public void SetInput(int index, TensorValue value)
    {
        if (flaw == Flaw.IgnoresIndexes && (index < 0 || index >= signature.Inputs.Count)) return;
        if (flaw == Flaw.KeepsFirstInputs && _inputs.Count == signature.Inputs.Count) return;
        if (flaw == Flaw.BindsContents)
        {
            var copy = TensorValue.Create(value.AsSpan<float>().ToArray(), value.Lengths);
            sound.SetInput(index, copy);
            return;
        }

        if (flaw == Flaw.AcceptsUnfitTensors && !(value.ElementType == TensorElementType.Float32 && value.Lengths.SequenceEqual([2, 4]))) return;
        if (flaw == Flaw.RunsWhenDisposed && _isDisposed) return;
        sound.SetInput(index, value);
        sharedInputs[index] = value;
        _inputs.Add(value);
    }

    public void SetOutput(int index, TensorValue? value)
    {
        if (flaw == Flaw.IgnoresBoundOutputs || (flaw == Flaw.AcceptsUnfitTensors && value is not null)) return;
        if (flaw == Flaw.IgnoresIndexes && (index < 0 || index >= _bound.Length)) return;
        sound.SetOutput(index, value);
        if (value is null) _unbound = _bound[index];
        _bound[index] = value;
    }

    public TensorValue GetOutput(int index)
    {
        if (flaw == Flaw.SwappedOutputs) index = signature.Outputs.Count - 1 - index;
        if (flaw == Flaw.GivesOutputsWithoutRun && _reused[0] is { } earlier) return Copy(earlier);
        if (flaw == Flaw.GivesOutputsWithoutRun) return TensorValue.Create(new float[4], 1, 4);
        if (flaw == Flaw.HandsOverTwice && _reused[index] is { } given) return Copy(given);
        var output = sound.GetOutput(index);
        if (flaw == Flaw.HandsOverTwice) _reused[index] = Copy(output);
        if (flaw == Flaw.WrongElements && output.ElementCount > 0 && output.ElementType == TensorElementType.Float32) output.AsWritableSpan<float>()[^1] += 1;
        if (flaw == Flaw.WrongElements && output.ElementType == TensorElementType.Int64) output.AsWritableSpan<long>()[^1] += 1;
        if (flaw == Flaw.PadsEmptyOutputs && output.ElementCount == 0) return TensorValue.Create(new float[4], 1, 4);
        _given.Add(output);
        if (flaw == Flaw.ReusesHandedOverOutputs) return Reuse(index, output);
        return output;
    }

    public async ValueTask RunAsync(CancellationToken cancellationToken = default)
    {
        if (flaw is Flaw.HandsOverTwice) Array.Clear(_reused);
        if (flaw == Flaw.IgnoresCancelledRun) cancellationToken = default;
        if (flaw == Flaw.RunsWhenDisposed && _isDisposed) return;
        if (flaw == Flaw.RunsWithoutInputs && _inputs.Count == 0) return;
        if (flaw == Flaw.AllocatesEachRun) _garbage = new byte[100];
        if (flaw == Flaw.SharesInputsAmongBindings)
        {
            for (var i = 0; i < sharedInputs.Length; i++) sound.SetInput(i, sharedInputs[i]!);
        }

        try
        {
            await sound.RunAsync(cancellationToken);
        }
        catch (DeviceFaultException fault)
        {
            if (flaw == Flaw.NeverFails) return;
            throw Disguise(fault, flaw);
        }

        if (flaw == Flaw.WritesUnboundOutputs && _unbound is { } unbound) unbound.AsWritableSpan<float>()[0] = 99;
        if (flaw == Flaw.DisposesInputs) _inputs.ForEach(input => input.Dispose());
    }

    public void Dispose()
    {
        _isDisposed = true;
        if (flaw == Flaw.TakesOutputsBack) _given.ForEach(output => output.Dispose());
        GC.KeepAlive(_garbage);
        sound.Dispose();
    }

    public static Exception Disguise(DeviceFaultException fault, Flaw flaw) => flaw switch
    {
        Flaw.UntypedFaults => new InvalidOperationException(fault.Message),
        Flaw.FaultOfNoDevice => new DeviceFaultException("nobody", fault.Message),
        _ => fault,
    };

    // The same storage for every run, given to every caller.
    private TensorValue Reuse(int index, TensorValue output)
    {
        if (_reused[index] is { } storage && storage.Lengths.SequenceEqual(output.Lengths)) output.AsSpan<float>().CopyTo(storage.AsWritableSpan<float>());
        else _reused[index] = Copy(output);
        output.Dispose();
        return _reused[index]!.Slice(0, _reused[index]!.Lengths[0]);
    }

    private static TensorValue Copy(TensorValue tensor) => TensorValue.Create(tensor.AsSpan<float>().ToArray(), tensor.Lengths);
}
