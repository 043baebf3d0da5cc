namespace EdgeAI;

/// <summary>
/// How one model is loaded and served. Every default works without tuning. Read when the model is loaded; later changes have no effect.
/// </summary>
public sealed class ModelOptions
{
    /// <summary>Folders outside the model's own that may hold its external data, as hub caches need. Default: none.</summary>
    public IList<string> ExternalDataRoots { get; } = [];

    /// <summary>The only device that may run the model, such as <c>cpu:0</c>; <see langword="null"/> (default) lets the engine choose.</summary>
    public string? DeviceId { get; set; }

    /// <summary>
    /// Devices that the model may be open on at the same time, 1 or more; each takes memory for the weights. It answers on the first as soon as that is ready; the others join when they are.
    /// <see langword="null"/> (default): every device that can run all of it. 1 keeps it on one device, and so does <see cref="DeviceId"/>.
    /// </summary>
    public int? MaxDevices { get; set; }

    /// <summary>
    /// How far the answers of another device may lie from those of the first, as a share of the largest magnitude of an output, over 0 to 1: each device is tried with the same made-up input before
    /// it takes requests, and one that disagrees takes only those that name it. About 1e-3 suits float32; halves need 1e-2 or more. <see langword="null"/> (default): not compared.
    /// </summary>
    public double? ParityTolerance { get; set; }

    /// <summary>The name of the registered routing policy that spreads requests over devices; <see langword="null"/> (default) takes <c>earliest-finish</c>.</summary>
    public string? RoutingPolicy { get; set; }

    /// <summary>Requests that run at the same time, 1 to 256; <see langword="null"/> (default) lets the engine choose.</summary>
    public int? Lanes { get; set; }

    /// <summary>Threads that one run may use, 1 to 1024; <see langword="null"/> (default) lets the engine choose.</summary>
    public int? ThreadsPerLane { get; set; }

    /// <summary>Requests that may wait, 1 or more; <see langword="null"/> (default) takes <c>EdgeAIOptions.MaxQueueLength</c>.</summary>
    public int? MaxQueueLength { get; set; }

    /// <summary>The deadline of requests that have none, more than zero; <see langword="null"/> (default): no deadline.</summary>
    public TimeSpan? DefaultDeadline { get; set; }

    /// <summary>
    /// The axis along which requests may be stacked, by the name of an input or output: the declaration that rows of the model do not influence each other.
    /// Tensors that are not named have no such axis: an input like that must be equal among the requests of a run, an output like that is given to all of them.
    /// Empty (default): the engine finds out by itself, and serves requests singly where it cannot be sure.
    /// </summary>
    public IDictionary<string, int> BatchAxes { get; } = new Dictionary<string, int>(StringComparer.Ordinal);

    /// <summary>
    /// Axes of inputs that are filled up, and of outputs that are cut back, by the tensor's name, so that requests of different lengths share runs: the declaration that answers
    /// do not depend on what is filled in. All filled inputs of a request have the same length there. Requests with destinations for outputs are not filled up. Default: none.
    /// </summary>
    public IDictionary<string, AxisPadding> Padding { get; } = new Dictionary<string, AxisPadding>(StringComparer.Ordinal);

    /// <summary>Rows that may share a run, 1 to 65,536; 1 switches batching off; <see langword="null"/> (default) lets the engine choose.</summary>
    public int? MaxBatch { get; set; }

    /// <summary>What the engine aims for when it chooses lanes, threads and batch sizes. Default: <see cref="ServingGoal.Balanced"/>.</summary>
    public ServingGoal Goal { get; set; }

    /// <summary>Whether a free lane waits for more requests to share a run. Default: <see cref="BatchWait.Learned"/>.</summary>
    public BatchWait BatchWait { get; set; } = BatchWait.Learned;

    /// <summary>The name of a registered batching policy; <see langword="null"/> (default) takes the one that <see cref="BatchWait"/> means.</summary>
    public string? BatchingPolicy { get; set; }

    /// <summary>How long such a wait lasts (<see cref="BatchWait.Fixed"/>), or at most (<see cref="BatchWait.Learned"/>), zero to 1 s. Default: 4 ms.</summary>
    public TimeSpan MaxBatchWait { get; set; } = TimeSpan.FromMilliseconds(4);

    /// <summary>
    /// Input shapes to measure ahead, one entry for each combination, by the input's name; the batch axis may have any length. Inputs with fixed shapes may be left out.
    /// Default: none; a model with dynamic shapes is then measured with the shapes of its first requests.
    /// </summary>
    public IList<IReadOnlyDictionary<string, long[]>> ProfileShapes { get; } = [];

    /// <summary>Predicted time that a new request may have to wait, more than zero; <see langword="null"/> (default) takes <c>EdgeAIOptions.MaxQueueDelay</c>.</summary>
    public TimeSpan? MaxQueueDelay { get; set; }

    /// <summary>Time that one run may take before it counts as hung, more than zero; <see langword="null"/> (default) takes <c>EdgeAIOptions.RunTimeout</c>.</summary>
    public TimeSpan? RunTimeout { get; set; }

    /// <summary>Whether the model is run once on zeros before it is ready, so that the first request is as fast as the later ones. Default: <see langword="false"/>.</summary>
    public bool WarmUp { get; set; }

    /// <summary>Fixed lengths for symbolic axes, by the symbol's name: lets a runtime plan memory ahead. Default: none.</summary>
    public IDictionary<string, long> FreeDimensionOverrides { get; } = new Dictionary<string, long>(StringComparer.Ordinal);

    /// <summary>Raw settings passed to the device's session as they are, by the runtime's own keys. Default: none.</summary>
    public IDictionary<string, string> SessionSettings { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Told of each step of loading, on the loading thread; <see langword="null"/> (default): nobody.</summary>
    public IProgress<ModelLoadProgress>? Progress { get; set; }
}
