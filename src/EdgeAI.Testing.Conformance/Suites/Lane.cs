using EdgeAI.Devices;

namespace EdgeAI.Testing.Conformance;

/// <summary>A binding with the tensors that it uses, and the right answers to them.</summary>
internal sealed class Lane(IDeviceSession session, ConformanceModel model, float tolerance) : IDisposable
{
    private readonly List<TensorValue> _placed = [];
    private IReadOnlyList<TensorValue> _inputs = [];

    public ISessionBinding Binding { get; } = session.CreateBinding();

    /// <summary>Binds new inputs in the session's memory.</summary>
    public async Task BindInputsAsync(int rows, int seed)
    {
        var earlier = _placed.ToArray();
        _placed.Clear();
        Drop(_inputs);
        _inputs = model.CreateInputs(rows, seed);
        for (var i = 0; i < _inputs.Count; i++)
        {
            var placed = await session.Memory.ToDeviceAsync(_inputs[i]).ConfigureAwait(false);
            _placed.Add(placed);
            Binding.SetInput(i, placed);
        }

        Drop(earlier);
    }

    /// <summary>Writes new elements into the tensors that are bound already.</summary>
    public async Task RewriteInputsAsync(int rows, int seed)
    {
        Drop(_inputs);
        _inputs = model.CreateInputs(rows, seed);
        for (var i = 0; i < _inputs.Count; i++) await session.Memory.CopyAsync(_inputs[i], _placed[i]).ConfigureAwait(false);
    }

    /// <summary>Tensors in the session's memory of the shapes that the outputs will have, owned by the caller.</summary>
    public IReadOnlyList<TensorValue> AllocateOutputs()
    {
        var expected = Expect();
        var outputs = expected.Select(tensor => session.Memory.AllocateTensor(tensor.ElementType, tensor.Lengths)).ToArray();
        Drop(expected);
        return outputs;
    }

    public ValueTask RunAsync(CancellationToken cancellationToken = default) => Binding.RunAsync(cancellationToken);

    /// <summary>Binds, runs and compares every output.</summary>
    public async Task RunAndCheckAsync(int rows, int seed)
    {
        await BindInputsAsync(rows, seed).ConfigureAwait(false);
        await RunAsync().ConfigureAwait(false);
        await CheckOutputsAsync($"{model}, {rows} rows").ConfigureAwait(false);
    }

    /// <summary>Takes every output of the last run and compares it with the right answer to the inputs bound last.</summary>
    public async Task CheckOutputsAsync(string what)
    {
        for (var i = 0; i < session.Signature.Outputs.Count; i++)
        {
            using var output = Binding.GetOutput(i);
            await CheckAsync(i, output, what).ConfigureAwait(false);
        }
    }

    /// <summary>Compares one tensor with the right answer to the inputs bound last.</summary>
    public async Task CheckAsync(int index, TensorValue output, string what)
    {
        var expected = Expect();
        using var host = await session.Memory.CopyToHostAsync(output).ConfigureAwait(false);
        TensorAssert.AreClose(expected[index], host, tolerance, $"{what}, output '{session.Signature.Outputs[index].Name}'");
        Drop(expected);
    }

    public void Dispose()
    {
        Binding.Dispose();
        Drop(_placed);
        Drop(_inputs);
    }

    private IReadOnlyList<TensorValue> Expect() => model.Reference(_inputs);

    private static void Drop(IEnumerable<TensorValue> tensors)
    {
        foreach (var tensor in tensors) tensor.Dispose();
    }
}
