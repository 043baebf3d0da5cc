using CsCheck;
using Microsoft.ML.OnnxRuntime;

namespace EdgeAI.Onnx.Tests;

/// <summary>Damaged models: refused with our error or read, in bounded memory; and what is read does no harm to native code.</summary>
[TestClass]
public sealed class MutationTests
{
    private const int MutationsPerModel = 2000;

    /// <summary>Reading takes memory in proportion to the bytes that are there, whatever they claim.</summary>
    private const int AllocatedPerByte = 500;
    private const int AllocatedAtLeast = 1_000_000;

    public static IEnumerable<string> Names => ["branches", "scan", "function with attribute", "convolution", "strings", "sparse initializer", "attribute kinds", "recurrent"];

    [TestMethod]
    [DynamicData(nameof(Names))]
    [Timeout(120_000)]
    public void Parse_Mutated_IsRefusedOrHarmless(string name)
    {
        var accepted = 0;
        foreach (var mutated in ModelMutations.Generate(OnnxWriter.ToBytes(TestModels.All[name]), seed: 20_26, MutationsPerModel))
        {
            if (!IsAccepted(mutated)) continue;
            accepted++;
            LoadAndRun(mutated);
        }

        // Were none or all accepted, the mutations would prove nothing.
        Assert.IsInRange(MutationsPerModel / 100, MutationsPerModel * 9 / 10, accepted);
    }

    [TestMethod]
    [Timeout(120_000)]
    public void Parse_MutatedSharedModel_IsRefusedOrRead()
    {
        var model = File.ReadAllBytes(SharedModels.Require("light/light_squeezenet.onnx"));
        var accepted = ModelMutations.Generate(model, seed: 1, MutationsPerModel).Count(IsAccepted);
        Assert.IsInRange(1, MutationsPerModel - 1, accepted);
    }

    [TestMethod]
    public void Parse_AnyBytes_IsRefusedOrRead() => Gen.Byte.Array[0, 300].Sample(bytes => { IsAccepted(bytes); }, iter: 20_000, threads: 1);

    private static bool IsAccepted(byte[] bytes)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            using var descriptor = OnnxModelDescriptor.Open(ModelSource.FromBytes(bytes, "mutated"));
            return true;
        }
        catch (ModelLoadException)
        {
            return false;
        }
        finally
        {
            Assert.IsLessThan(AllocatedAtLeast + ((long)bytes.Length * AllocatedPerByte), GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }

    private static void LoadAndRun(byte[] model)
    {
        try
        {
            NativeRuntime.Run(model);
        }
        catch (Exception error) when (error is OnnxRuntimeException or NotSupportedException)
        {
            // A status is all we ask for: native code decided, and the process lives.
        }
    }
}
