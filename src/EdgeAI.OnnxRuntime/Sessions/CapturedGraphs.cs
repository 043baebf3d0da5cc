using Microsoft.Extensions.Logging;

namespace EdgeAI.OnnxRuntime;

/// <summary>The graphs of one session, which all its bindings share: it takes one run at a time. Members are called under <see cref="Turn"/>.</summary>
/// <param name="model">The session.</param>
/// <param name="capture">How many, and where their buffers lie.</param>
/// <param name="logger">Told of shapes that go on without a graph.</param>
internal sealed partial class CapturedGraphs(LoadedModel model, OnnxGraphCapture capture, ILogger? logger) : ReferenceCounted
{
    // Shapes that came once are only remembered; a model that is sent ever new ones must not remember them all.
    private const int MostShapes = 64;

    private readonly List<CapturedShape> _shapes = [];
    private int _ids;

    /// <summary>Held by whichever binding runs.</summary>
    public Lock Turn { get; } = new();

    public OnnxGraphCapture Capture => capture;

    /// <summary>How many shapes have a graph.</summary>
    public int Count => _shapes.Count(shape => shape.IsCaptured);

    /// <summary>The shape of a run; <see langword="null"/> where it is new.</summary>
    public CapturedShape? Find(ReadOnlySpan<TensorValue?> inputs, ReadOnlySpan<int> selection)
    {
        foreach (var shape in _shapes)
        {
            if (shape.Matches(inputs, selection)) return shape;
        }

        return null;
    }

    /// <summary>After a usual run: remembers a shape that is new, and captures the graph of one that has come again.</summary>
    public void Learn(CapturedShape? shape, ReadOnlySpan<TensorValue?> inputs, ReadOnlySpan<int> selection, ReadOnlySpan<TensorValue> outputs)
    {
        if (shape is null) Remember(new CapturedShape(inputs, selection, outputs));
        else if (!shape.IsCaptured && !shape.IsRefused && _ids < capture.MaxGraphs) TryCapture(shape, inputs, outputs);
    }

    protected override void Free()
    {
        foreach (var shape in _shapes) shape.Dispose();
        _shapes.Clear();
    }

    private void Remember(CapturedShape shape)
    {
        if (_shapes.Count == MostShapes && _shapes.FindIndex(old => !old.IsCaptured) is >= 0 and var oldest) _shapes.RemoveAt(oldest);
        if (_shapes.Count < MostShapes) _shapes.Add(shape);
    }

    private void TryCapture(CapturedShape shape, ReadOnlySpan<TensorValue?> inputs, ReadOnlySpan<TensorValue> outputs)
    {
        if (capture.Gate?.TryEnterCapture() == false) return;
        try
        {
            // Graphs that failed count, too: the execution provider may keep what it had of them.
            var problem = shape.FitsOutputs(outputs) ? shape.Capture(model, capture, ++_ids, inputs, outputs) : "the shapes of its outputs depend on the values of its inputs";
            if (problem is not null && logger is not null) LogNotCaptured(logger, model.ModelId, model.DeviceId, problem);
        }
        finally
        {
            capture.Gate?.LeaveCapture();
        }
    }

    [LoggerMessage(LogLevel.Warning, "{ModelId}: runs of one input shape go on without a graph on {DeviceId}: {Problem}")]
    private static partial void LogNotCaptured(ILogger logger, string modelId, string deviceId, string problem);
}
