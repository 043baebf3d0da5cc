using System.Globalization;
using System.Text;

namespace EdgeAI.OnnxRuntime.Tests;

/// <summary>
/// Encodes by hand (field numbers of onnx.proto) a model that adds weights to its input, with the weights in external data at a place of choice:
/// our own writer leaves none of these places to choose.
/// </summary>
public static class RawModel
{
    public enum Place
    {
        Initializer,
        Constant,
        Branch,
        Function,
    }

    public static byte[] AddWeights(int count, Place place, string location, long offset)
    {
        var weights = External(count, place is Place.Initializer or Place.Branch ? "w" : "", location, offset);
        var constant = Node("Constant", [], ["w"]).Message(5, new Proto().String(1, "value").Message(5, weights).Int(20, 4));
        var add = Node("Add", ["x", "w"], ["y"]);
        var graph = place switch
        {
            Place.Initializer => new Proto().Message(1, add).Message(5, weights),
            Place.Constant => new Proto().Message(1, constant).Message(1, add),
            Place.Function => new Proto().Message(1, Node("AddWeights", ["x"], ["y"]).String(7, "local")),
            _ => Branching(count, weights),
        };
        graph.String(2, "test").Message(11, Tensor("x", count)).Message(12, Tensor("y", count));
        var function = new Proto().String(1, "AddWeights").String(4, "x").String(5, "y").Message(7, constant).Message(7, add).Message(9, Opset("", 21)).String(10, "local");
        var model = new Proto().Int(1, 10).Message(7, graph).Message(8, Opset("", 21)).Message(8, Opset("local", 1));
        return (place == Place.Function ? model.Message(25, function) : model).ToArray();
    }

    // The branch depends on the input, so that it cannot be folded away while the model is loaded.
    private static Proto Branching(int count, Proto weights)
    {
        var then = new Proto().Message(1, Node("Add", ["x", "w"], ["sum"])).String(2, "then").Message(5, weights).Message(12, Tensor("sum", count));
        var otherwise = new Proto().Message(1, Node("Neg", ["x"], ["other"])).String(2, "else").Message(12, Tensor("other", count));
        return new Proto()
            .Message(1, Node("ReduceMax", ["x"], ["max"]).Message(5, new Proto().String(1, "keepdims").Int(3, 0).Int(20, 2)))
            .Message(1, Node("Sub", ["max", "max"], ["zero"]))
            .Message(1, Node("Greater", ["max", "zero"], ["c"]))
            .Message(1, Node("If", ["c"], ["y"])
                .Message(5, new Proto().String(1, "then_branch").Message(6, then).Int(20, 5))
                .Message(5, new Proto().String(1, "else_branch").Message(6, otherwise).Int(20, 5)));
    }

    private static Proto Node(string op, string[] inputs, string[] outputs)
    {
        var node = new Proto();
        foreach (var input in inputs) node.String(1, input);
        foreach (var output in outputs) node.String(2, output);
        return node.String(4, op);
    }

    private static Proto External(int count, string name, string location, long offset) =>
        new Proto().Int(1, count).Int(2, 1).String(8, name)
            .Message(13, Entry("location", location))
            .Message(13, Entry("offset", offset.ToString(CultureInfo.InvariantCulture)))
            .Message(13, Entry("length", (4L * count).ToString(CultureInfo.InvariantCulture)))
            .Int(14, 1);

    private static Proto Entry(string key, string value) => new Proto().String(1, key).String(2, value);

    private static Proto Opset(string domain, long version) => new Proto().String(1, domain).Int(2, version);

    private static Proto Tensor(string name, int count) =>
        new Proto().String(1, name).Message(2, new Proto().Message(1, new Proto().Int(1, 1).Message(2, new Proto().Message(1, new Proto().Int(1, count)))));

    private sealed class Proto
    {
        private readonly List<byte> _bytes = [];

        public Proto Int(int field, long value)
        {
            Varint((ulong)field << 3);
            Varint((ulong)value);
            return this;
        }

        public Proto String(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

        public Proto Message(int field, Proto value) => Bytes(field, value.ToArray());

        public byte[] ToArray() => [.. _bytes];

        private Proto Bytes(int field, byte[] value)
        {
            Varint(((ulong)field << 3) | 2);
            Varint((ulong)value.Length);
            _bytes.AddRange(value);
            return this;
        }

        private void Varint(ulong value)
        {
            for (; value >= 0x80; value >>= 7) _bytes.Add((byte)(value | 0x80));
            _bytes.Add((byte)value);
        }
    }
}
