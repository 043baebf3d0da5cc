using EdgeAI.Devices;

namespace EdgeAI.Generation;

/// <summary>A binding over the cache of some neighbouring slots. There is one for each such row of slots that is used, so that switching among them binds nothing anew.</summary>
internal sealed class DecoderWindow : IDisposable
{
    private readonly TensorValue[] _cache;

    public DecoderWindow(IDeviceSession session, DecoderLayout layout, KeyValueCache cache, int firstSlot, int count)
    {
        Binding = session.CreateBinding();
        _cache = [.. cache.Tensors.Select(tensor => tensor.Slice(firstSlot, count))];
        for (var i = 0; i < _cache.Length; i++)
        {
            Binding.SetInput(layout.Past[i], _cache[i]);
            Binding.SetOutput(layout.Present[i], _cache[i]);
        }
    }

    public ISessionBinding Binding { get; }

    public void Dispose()
    {
        Binding.Dispose();
        foreach (var tensor in _cache) tensor.Dispose();
    }
}
