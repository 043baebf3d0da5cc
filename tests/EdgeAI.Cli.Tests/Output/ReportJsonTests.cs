using EdgeAI.Cli.Output;

namespace EdgeAI.Cli.Tests.Output;

[TestClass]
public sealed class ReportJsonTests
{
    [TestMethod]
    public void Write_Tensor_HasNumbersSymbolsAndNulls()
    {
        using var output = new StringWriter();
        var tensor = new TensorReport("gpu_0/data <\"ä\">", "float32", [new AxisLength(3, null), new AxisLength(null, "n"), default]);
        JsonOutput.Write(output, new InspectReport([tensor], [new TensorReport("y", "undefined", null)], null, 8, 1, 4, new Dictionary<string, int> { ["com.microsoft.Gelu"] = 2 }, new BatchingReport(false, "why")), ReportJson.Instance.InspectReport);

        Assert.AreEqual(
            """{"inputs":[{"name":"gpu_0/data <\"ä\">","type":"float32","shape":[3,"n",null]}],"outputs":[{"name":"y","type":"undefined","shape":null}],"opset":null,"irVersion":8,"parameters":1,"weightBytes":4,"operators":{"com.microsoft.Gelu":2},"batching":{"possible":false,"reason":"why"}}""" + Environment.NewLine,
            output.ToString());
    }

    [TestMethod]
    public void Write_Measurement_HasTheContractsNames()
    {
        using var output = new StringWriter();
        var latency = new LatencyReport(1, 2, 3, 4.5);
        JsonOutput.Write(output, new BenchReport("offline", null, 10, 2.5, latency, new Dictionary<int, long> { [1] = 10 }, new Dictionary<string, long> { ["cpu:0"] = 10 }, new PlanReport(1, 2, 1), 12.5, 0, 0, new BaselineReport(2, latency), new RatioReport(1.25, 0.5), null) { Queries = 10, RefusalMs = new RefusalReport(1, 2), Batching = new BatchingReport(true, "why"), Curve = new CurveReport([new CurvePointReport(3, 2, latency, 1, 0, 0.5)], null), Plot = "p.svg" }, ReportJson.Instance.BenchReport);

        Assert.AreEqual(
            """{"scenario":"offline","concurrency":null,"requests":10,"throughput":2.5,"latencyMs":{"p50":1,"p90":2,"p95":3,"p99":4.5},"batchSizes":{"1":10},"devices":{"cpu:0":10},"plan":{"lanes":1,"threads":2,"maxBatch":1},"planMs":12.5,"rejected":0,"errors":0,"baseline":{"throughput":2,"latencyMs":{"p50":1,"p90":2,"p95":3,"p99":4.5},"rejected":0,"errors":0,"senderLagMs":null,"goodput":null},"ratio":{"throughput":1.25,"p50":0.5},"remark":null,"queries":10,"samples":1,"rate":null,"senderLagMs":null,"refusalMs":{"p50":1,"p99":2},"deadlineMs":null,"goodput":null,"settled":true,"batching":{"possible":true,"reason":"why"},"curve":{"engine":[{"rate":3,"throughput":2,"latencyMs":{"p50":1,"p90":2,"p95":3,"p99":4.5},"rejected":1,"errors":0,"senderLagMs":0.5}],"baseline":null},"plot":"p.svg"}""" + Environment.NewLine,
            output.ToString());
    }

    [TestMethod]
    public void Write_Generation_HasTheContractsNames()
    {
        using var output = new StringWriter();
        JsonOutput.Write(output, new GenerateReport([5, 6], null, 3, 12.5, 240, null, "length"), ReportJson.Instance.GenerateReport);

        Assert.AreEqual(
            """{"tokens":[5,6],"text":null,"promptTokens":3,"timeToFirstTokenMs":12.5,"prefillTokensPerSecond":240,"decodeTokensPerSecond":null,"finishReason":"length"}""" + Environment.NewLine,
            output.ToString());
    }
}
