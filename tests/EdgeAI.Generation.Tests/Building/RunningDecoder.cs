using EdgeAI.Devices;
using EdgeAI.Onnx;
using EdgeAI.Providers.Cpu;
using Microsoft.Extensions.Options;

namespace EdgeAI.Generation.Tests.Building;

/// <summary>A built model on the CPU with a cache that is both input and output: the plainest loop that there is.</summary>
internal sealed class RunningDecoder : IAsyncDisposable
{
    private readonly OnnxModelDescriptor _descriptor;
    private readonly IDeviceSession _session;
    private readonly ISessionBinding _binding;
    private readonly List<TensorValue> _caches = [];
    private readonly int _rows;

    private RunningDecoder(OnnxModelDescriptor descriptor, IDeviceSession session, int rows, int capacity)
    {
        _descriptor = descriptor;
        _session = session;
        _rows = rows;
        Capacity = capacity;
        _binding = session.CreateBinding();
        for (var i = 0; i < session.Signature.Inputs.Count; i++)
        {
            var input = session.Signature.Inputs[i];
            if (!input.Name.StartsWith("past", StringComparison.Ordinal)) continue;
            nint[] lengths = [rows, input.Lengths[1], capacity, input.Lengths[3]];
            var cache = TensorValue.Create(new NativeBuffer(input.ElementType.ByteLength(TensorShape.GetElementCount(lengths)), clear: true), input.ElementType, lengths);
            _caches.Add(cache);
            _binding.SetInput(i, cache);
            _binding.SetOutput(OutputIndex(input.Name.Replace("past_key_values", "present", StringComparison.Ordinal)), cache);
        }
    }

    public int Capacity { get; }

    public ModelSignature Signature => _session.Signature;

    public static async Task<RunningDecoder> OpenAsync(string folder, int rows = 1, int capacity = 64, int threads = 1)
    {
        var descriptor = OnnxModelDescriptor.Open(ModelSource.FromFile(Path.Combine(folder, "model.onnx")), new OnnxReaderOptions { AskedDefaults = ["logits_to_keep"] });
        var discovery = await new CpuDeviceProvider(Options.Create(new CpuOptions())).DiscoverAsync();
        var session = await discovery.Devices[0].OpenSessionAsync(descriptor, new DeviceSessionOptions { Threads = threads });
        return new RunningDecoder(descriptor, session, rows, capacity);
    }

    /// <summary>Computes new positions.</summary>
    /// <param name="tokens">As many for each row.</param>
    /// <param name="past">How many positions of each row are filled.</param>
    /// <param name="maskLength">The mask's length; <see langword="null"/>: just what is filled by the longest row.</param>
    /// <param name="keep">Positions that get logits; <see langword="null"/>: all new ones.</param>
    /// <returns>Logits by row, position and token, one after the other.</returns>
    public async Task<float[]> RunAsync(int[][] tokens, int[] past, int? maskLength = null, int? keep = null)
    {
        var count = tokens[0].Length;
        var length = maskLength ?? past.Max() + count;
        var mask = new long[_rows * length];
        for (var row = 0; row < _rows; row++) mask.AsSpan(row * length, past[row] + count).Fill(1);
        using var ids = TensorValue.Create(tokens.SelectMany(row => row).Select(token => (long)token).ToArray(), _rows, count);
        using var maskTensor = TensorValue.Create(mask, _rows, length);
        using var kept = TensorValue.Create([(long)(keep ?? count)], 1);
        _binding.SetInput(InputIndex("input_ids"), ids);
        _binding.SetInput(InputIndex("attention_mask"), maskTensor);
        _binding.SetInput(InputIndex("logits_to_keep"), kept);
        await _binding.RunAsync();
        using var logits = _binding.GetOutput(OutputIndex("logits"));
        CollectionAssert.AreEqual(new nint[] { _rows, keep ?? count, logits.Lengths[2] }, logits.Lengths.ToArray());
        return logits.AsSpan<float>().ToArray();
    }

    /// <summary>One row.</summary>
    public Task<float[]> RunAsync(int[] tokens, int past, int? maskLength = null, int? keep = null) => RunAsync([tokens], [past], maskLength, keep);

    public async ValueTask DisposeAsync()
    {
        _binding.Dispose();
        await _session.DisposeAsync();
        foreach (var cache in _caches) cache.Dispose();
        _descriptor.Dispose();
    }

    private int InputIndex(string name) => Signature.Inputs.Index().First(input => input.Item.Name == name).Index;

    private int OutputIndex(string name) => _session.Signature.Outputs.Index().First(output => output.Item.Name == name).Index;
}
