using EdgeAI.Devices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.ML.OnnxRuntime;
using static EdgeAI.OnnxRuntime.Tests.TestModels;

namespace EdgeAI.OnnxRuntime.Tests.Environment;

[TestClass]
[DoNotParallelize]
public sealed class OnnxRuntimeLogTests
{
    [TestCleanup]
    public void Restore() => OnnxRuntimeLog.UseLogger(NullLogger.Instance);

    [TestMethod]
    public async Task Run_OutputOtherThanDeclared_WarningReachesLogger()
    {
        using var loggers = new CapturingLoggers();
        await RunAgainstDeclaredShapeAsync(loggers);

        CollectionAssert.Contains(loggers.Categories, "EdgeAI.OnnxRuntime");
        Assert.IsTrue(loggers.Entries.Any(e => e.Level == LogLevel.Warning && e.Text.Contains("does not match actual shape", StringComparison.Ordinal)
            && e.Text.StartsWith("test:", StringComparison.Ordinal)), string.Join('\n', loggers.Entries));
    }

    [TestMethod]
    public async Task Run_LoggerThrows_AnswerIsUnharmed()
    {
        using var loggers = new CapturingLoggers(fails: true);
        await RunAgainstDeclaredShapeAsync(loggers);

        Assert.IsNotEmpty(loggers.Entries);
    }

    [TestMethod]
    public async Task Open_LoggerTakesDebug_InformationOfNativeCodeArrivesAsDebug()
    {
        using var loggers = new CapturingLoggers(LogLevel.Debug);
        await using var session = await OpenAsync(Double(), setup: new OnnxSessionSetup { DeviceId = "cpu:0", LoggerFactory = loggers });

        Assert.IsTrue(loggers.Entries.Any(e => e.Level == LogLevel.Debug));
    }

    [TestMethod]
    [DataRow(OrtLoggingLevel.ORT_LOGGING_LEVEL_VERBOSE, LogLevel.Trace)]
    [DataRow(OrtLoggingLevel.ORT_LOGGING_LEVEL_INFO, LogLevel.Debug)]
    [DataRow(OrtLoggingLevel.ORT_LOGGING_LEVEL_WARNING, LogLevel.Warning)]
    [DataRow(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, LogLevel.Error)]
    [DataRow(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, LogLevel.Critical)]
    public void ToLogLevel_Severity_KeepsOrder(OrtLoggingLevel severity, LogLevel expected) => Assert.AreEqual(expected, OnnxRuntimeLog.ToLogLevel(severity));

    // ONNX Runtime warns when an output's actual shape is not the declared one.
    private static async Task RunAgainstDeclaredShapeAsync(CapturingLoggers loggers)
    {
        var model = Graph([new("Relu", ["x"], ["y"])], [Value("x", "n")], [Value("y", 7)]);
        await using var session = await OpenAsync(model, setup: new OnnxSessionSetup { DeviceId = "cpu:0", LoggerFactory = loggers });
        var outputs = await session.RunAsync([TensorValue.Create([1f, -1f, 2f, 3f], 4)]);
        CollectionAssert.AreEqual(new[] { 1f, 0f, 2f, 3f }, outputs[0].AsSpan<float>().ToArray());
        outputs[0].Dispose();
    }
}
