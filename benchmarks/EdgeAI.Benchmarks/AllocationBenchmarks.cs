using System.Runtime.CompilerServices;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.ML.OnnxRuntime;

namespace EdgeAI.Benchmarks;

/// <summary>Bytes allocated by one request with one input and one output, the caller's own request and tensor not counted.</summary>
[MemoryDiagnoser]
public class AllocationBenchmarks
{
    private readonly float[] _data = new float[16];
    private ServiceProvider _services = null!;
    private IModelHandle _model = null!;
    private InferenceRequest _request = null!;
    private CancellationTokenSource _cancellation = null!;
    private InferenceSession _session = null!;
    private RunOptions _runOptions = null!;
    private OrtValue[] _inputs = null!;

    [GlobalSetup]
    public async Task SetUp()
    {
        var bytes = BenchmarkModels.OneNode();
        var services = new ServiceCollection();
        services.AddEdgeAI(options => options.Cache = MeasurementCache.Off).AddCpu();
        _services = services.BuildServiceProvider();
        _model = await _services.GetRequiredService<IInferenceEngine>().LoadModelAsync(ModelSource.FromBytes(bytes, "one node"));
        _request = new InferenceRequest { ["x"] = TensorValue.Create(_data, 1, 16) };
        _cancellation = new CancellationTokenSource();
        _session = new InferenceSession(bytes);
        _runOptions = new RunOptions();
        _inputs = [OrtValue.CreateTensorValueFromMemory(_data, [1, 16])];
    }

    [GlobalCleanup]
    public async Task CleanUp()
    {
        await _model.DisposeAsync();
        await _services.DisposeAsync();
        _session.Dispose();
    }

    [Benchmark(Baseline = true, Description = "InferenceSession.Run")]
    public void Plain()
    {
        using var results = _session.Run(_runOptions, ["x"], _inputs, ["y"]);
    }

    // The caller's own state machine is not the engine's: a pooled one costs nothing.
    [Benchmark(Description = "RunAsync")]
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask Engine()
    {
        using var response = await _model.RunAsync(_request);
    }

    [Benchmark(Description = "RunAsync with a cancellation token")]
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask EngineWithCancellation()
    {
        using var response = await _model.RunAsync(_request, _cancellation.Token);
    }
}
