namespace EdgeAI.Onnx.Tests;

[TestClass]
public sealed class OnnxModelDescriptorTests
{
    [TestMethod]
    public void Open_SileroVad_DescribesIt()
    {
        foreach (var f in SharedModels.OnnxFiles)
        {
            using var d = OnnxModelDescriptor.Open(ModelSource.FromFile(f));
            Console.WriteLine($"{d.Id} {d.Signature} params {d.ParameterCount} bytes {d.WeightBytes} {d.Model} ir {d.Model.IrVersion}");
            Console.WriteLine(string.Join(", ", d.Operators.Select(o => $"{o.QualifiedName}:{o.Count}")));
            var init = NodeWalk.Graphs(d.Model).SelectMany(g => g.Initializers).Sum(t => t.ElementCount);
            Console.WriteLine($"init only {init}; nodes {NodeWalk.Flatten(d.Model).Count()}");
            Console.WriteLine(d.GetService<OnnxModelContent>()!.GetModelBytes().Length);
        }
    }
}
