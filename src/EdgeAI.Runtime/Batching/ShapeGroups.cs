namespace EdgeAI.Batching;

/// <summary>
/// The shape groups of one model. A request finds its group by the shapes of its inputs beside the batch axis, the contents of the inputs that have
/// none, and the outputs it asks for. Thread-safe; finding a known group allocates nothing.
/// </summary>
internal sealed class ShapeGroups(ModelSignature signature)
{
    // A model that is sent ever new shapes must not remember them all: the least recently used go.
    private const int MostKnown = 256;
    private const int MostSharedBytes = 4096;

    private readonly Lock _gate = new();
    private volatile Entry[] _entries = [];
    private volatile BatchLayout? _layout;
    private long _uses;

    public BatchLayout? Layout => _layout;

    /// <summary>From now on requests are stacked like this; <see langword="null"/>: singly.</summary>
    public void SetLayout(BatchLayout? layout)
    {
        lock (_gate)
        {
            _layout = layout;
            _entries = [];
        }
    }

    /// <summary>The group of a request.</summary>
    /// <param name="inputs">In the order of the signature.</param>
    /// <param name="outputs">Indexes of the outputs asked for.</param>
    /// <param name="rows">Rows that the request brings; 1 where it cannot be stacked.</param>
    public ShapeGroup Find(ReadOnlySpan<TensorValue?> inputs, ReadOnlySpan<int> outputs, out int rows)
    {
        var layout = _layout;
        rows = layout is null || !AreStackable(outputs) ? 0 : CountRows(inputs, layout.InputAxes);
        if (rows == 0) (layout, rows) = (null, 1);
        var hash = Hash(inputs, outputs, layout);
        foreach (var entry in _entries)
        {
            if (entry.Hash != hash || !entry.Matches(inputs, outputs, layout)) continue;
            entry.UsedAt = Interlocked.Increment(ref _uses);

            // Some are lost where requests come at the same moment: it only has to tell often from seldom.
            entry.Uses++;
            return entry.Group;
        }

        return Add(inputs, outputs, layout, hash);
    }

    private ShapeGroup Add(ReadOnlySpan<TensorValue?> inputs, ReadOnlySpan<int> outputs, BatchLayout? layout, int hash)
    {
        lock (_gate)
        {
            foreach (var entry in _entries)
            {
                if (entry.Hash == hash && entry.Matches(inputs, outputs, layout)) return entry.Group;
            }

            var added = new Entry(inputs, outputs, layout, hash) { UsedAt = Interlocked.Increment(ref _uses) };

            // The layout has just changed: this request is the last of its kind.
            if (layout is not null && layout != _layout) return added.Group;
            IEnumerable<Entry> kept = _entries.Length < MostKnown ? _entries : _entries.OrderByDescending(entry => entry.UsedAt).Take(MostKnown / 2);
            _entries = [.. kept, added];
            return added.Group;
        }
    }

    /// <summary>The kinds of request that are remembered.</summary>
    public IReadOnlyList<KnownShape> Known() => [.. _entries.Select(entry => entry.ToKnown())];

    private bool AreStackable(ReadOnlySpan<int> outputs)
    {
        foreach (var output in outputs)
        {
            if (!IsStackable(signature.Outputs[output].ElementType)) return false;
        }

        return true;
    }

    /// <summary>Strings are never stacked, nor elements that share a byte.</summary>
    private static bool IsStackable(TensorElementType type) => type != TensorElementType.String && type.BitWidth() is 0 or >= 8;

    /// <summary>The common length of the batch axes; 0 where the request cannot be stacked.</summary>
    private static int CountRows(ReadOnlySpan<TensorValue?> inputs, ReadOnlySpan<int> axes)
    {
        nint rows = 0, sharedBytes = 0;
        for (var i = 0; i < inputs.Length; i++)
        {
            var input = inputs[i]!;

            // What lies on a device is not brought to the host for company.
            if (!IsStackable(input.ElementType) || !input.IsHostAccessible) return 0;
            if (axes[i] == BatchLayout.Shared)
            {
                sharedBytes += (nint)input.ElementType.ByteLength(input.ElementCount);
                continue;
            }

            if (axes[i] >= input.Lengths.Length) return 0;
            var length = input.Lengths[axes[i]];
            if (length < 1 || length > int.MaxValue || (rows != 0 && length != rows)) return 0;
            rows = length;
        }

        return sharedBytes > MostSharedBytes ? 0 : (int)rows;
    }

    private static int Hash(ReadOnlySpan<TensorValue?> inputs, ReadOnlySpan<int> outputs, BatchLayout? layout)
    {
        var hash = new HashCode();
        for (var i = 0; i < inputs.Length; i++)
        {
            var axis = layout is null ? BatchLayout.Shared : layout.InputAxes[i];
            var lengths = inputs[i]!.Lengths;
            hash.Add(lengths.Length);
            for (var a = 0; a < lengths.Length; a++) hash.Add(a == axis ? -1 : lengths[a]);
        }

        hash.Add(outputs.Length);
        foreach (var output in outputs) hash.Add(output);
        return hash.ToHashCode();
    }

    private sealed class Entry
    {
        private readonly nint[][] _lengths;
        private readonly int[] _outputs;
        private readonly byte[]?[] _shared;
        private readonly byte[]?[] _numbers;

        public Entry(ReadOnlySpan<TensorValue?> inputs, ReadOnlySpan<int> outputs, BatchLayout? layout, int hash)
        {
            Hash = hash;
            Group = new ShapeGroup(layout);
            _outputs = outputs.ToArray();
            _lengths = new nint[inputs.Length][];
            _shared = new byte[inputs.Length][];
            _numbers = new byte[inputs.Length][];
            for (var i = 0; i < inputs.Length; i++)
            {
                _lengths[i] = inputs[i]!.Lengths.ToArray();
                if (layout is null && TensorBytes.IsNumber(inputs[i]!)) _numbers[i] = TensorBytes.Of(inputs[i]!).ToArray();
                if (layout is not null && layout.InputAxes[i] == BatchLayout.Shared) _shared[i] = TensorBytes.Of(inputs[i]!).ToArray();
            }
        }

        public int Hash { get; }

        public ShapeGroup Group { get; }

        public long UsedAt { get; set; }

        public long Uses { get; set; }

        public KnownShape ToKnown() => new(Group, Uses, _lengths, [.. _shared.Zip(_numbers, (shared, number) => shared ?? number)]);

        public bool Matches(ReadOnlySpan<TensorValue?> inputs, ReadOnlySpan<int> outputs, BatchLayout? layout)
        {
            if (Group.Layout != layout || !outputs.SequenceEqual(_outputs)) return false;
            for (var i = 0; i < inputs.Length; i++)
            {
                var known = _lengths[i];
                var lengths = inputs[i]!.Lengths;
                if (known.Length != lengths.Length) return false;
                var axis = layout is null ? BatchLayout.Shared : layout.InputAxes[i];
                for (var a = 0; a < known.Length; a++)
                {
                    if (a != axis && known[a] != lengths[a]) return false;
                }

                if (_shared[i] is { } content && !TensorBytes.Of(inputs[i]!).SequenceEqual(content)) return false;
            }

            return true;
        }
    }
}
