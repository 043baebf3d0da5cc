namespace EdgeAI.Generation.Tests;

/// <summary>Which files of a folder are read, and which are refused.</summary>
[TestClass]
public sealed class CheckpointFolderTests
{
    private const string IndexName = "model.safetensors.index.json";

    private static readonly SafetensorsFile _first = new SafetensorsFile().Add("a", [1f, 2f], [2]).Add("b", [3f], [1]);
    private static readonly SafetensorsFile _second = new SafetensorsFile().Add("c", [4f], [1]);

    [TestMethod]
    public void Open_Shards_HasTheWeightsOfAll()
    {
        using var folder = Sharded("""{"a":"1.safetensors","b":"1.safetensors","c":"sub/2.safetensors"}""");
        folder.Write("1.safetensors", _first.ToBytes());
        folder.Write("sub/2.safetensors", _second.ToBytes());
        using var checkpoint = Checkpoint.Open(folder.Path);
        CollectionAssert.AreEquivalent(new[] { "a", "b", "c" }, checkpoint.Weights.Keys.ToArray());
        var value = new float[1];
        checkpoint.Weights["c"].ReadRows(0, value);
        Assert.AreEqual(4f, value[0]);
    }

    [TestMethod]
    [DataRow("""{"a":"1.safetensors","b":"1.safetensors","c":"2.safetensors","d":"2.safetensors"}""", "'2.safetensors' lacks the tensor 'd'")]
    [DataRow("""{"a":"1.safetensors","c":"2.safetensors"}""", "'1.safetensors' holds the tensor 'b'")]
    [DataRow("""{"a":"1.safetensors","b":"2.safetensors","c":"2.safetensors"}""", "'1.safetensors' holds the tensor 'b'")]
    [DataRow("""{"a":"1.safetensors","b":"1.safetensors","c":"3.safetensors"}""", "'3.safetensors' cannot be found")]
    [DataRow("""{"a":"1.safetensors","a":"1.safetensors"}""", "not valid JSON")]
    [DataRow("""{"a":1}""", "not a file name")]
    [DataRow("""{"a":null}""", "not a file name")]
    [DataRow("""{"a":""}""", "is empty")]
    [DataRow("""{"a":"../elsewhere.safetensors"}""", "leads out of the folder")]
    [DataRow("""{"a":"sub/../../elsewhere.safetensors"}""", "leads out of the folder")]
    [DataRow("""{"a":"sub\\..\\..\\elsewhere.safetensors"}""", "leads out of the folder")]
    [DataRow("""{"a":"/etc/hostname"}""", "absolute path")]
    [DataRow("""{"a":"C:\\w.safetensors"}""", "absolute path")]
    [DataRow("""{"a":"\\\\server\\w"}""", "absolute path")]
    [DataRow("""{"a":"w\u0000"}""", "zero character")]
    [DataRow("""{"a":"."}""", "not a regular file but a directory")]
    [DataRow("[]", "no 'weight_map'")]
    public void Open_BadIndex_IsRefused(string map, string expected)
    {
        using var folder = Sharded(map);
        folder.Write("1.safetensors", _first.ToBytes());
        folder.Write("2.safetensors", _second.ToBytes());
        AssertRefused(folder.Path, expected);
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    [DataRow("model/1.safetensors", "elsewhere/1.safetensors", "1.safetensors")]
    [DataRow("model/sub", "elsewhere", "sub/1.safetensors")]
    [DataRow("model/1.safetensors", "/dev/zero", "1.safetensors")]
    public void Open_LinkLeadsOut_IsRefused(string link, string target, string shard)
    {
        using var outer = new TemporaryFolder();
        outer.Write("elsewhere/1.safetensors", _second.ToBytes());
        outer.With("model/config.json", "{}").With($"model/{IndexName}", $$$"""{"weight_map":{"c":"{{{shard}}}"}}""");
        File.CreateSymbolicLink(outer.PathOf(link), target.StartsWith('/') ? target : outer.PathOf(target));
        AssertRefused(outer.PathOf("model"), target.StartsWith('/') ? "not a regular file" : "really lies at");
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void Open_ConfigurationIsALinkOut_IsRefused()
    {
        using var outer = new TemporaryFolder();
        outer.With("secret.json", "{}").Write("model/model.safetensors", _second.ToBytes());
        File.CreateSymbolicLink(outer.PathOf("model/config.json"), outer.PathOf("secret.json"));
        AssertRefused(outer.PathOf("model"), "really lies at");
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void Open_HubCache_FollowsLinksIntoItsBlobs()
    {
        using var outer = new TemporaryFolder();
        outer.With("blobs/1", "{}").Write("blobs/2", _second.ToBytes());
        File.CreateSymbolicLink(outer.PathOf("snapshots/abc/config.json"), "../../blobs/1");
        File.CreateSymbolicLink(outer.PathOf("snapshots/abc/model.safetensors"), "../../blobs/2");
        using var checkpoint = Checkpoint.Open(outer.PathOf("snapshots/abc"));
        Assert.HasCount(1, checkpoint.Weights);
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void Open_HubCacheWhoseBlobsLeadOut_IsRefused()
    {
        using var outer = new TemporaryFolder();
        outer.With("elsewhere/1", "{}").Write("elsewhere/2", _second.ToBytes());
        Directory.CreateDirectory(outer.PathOf("repository/snapshots/abc"));
        File.CreateSymbolicLink(outer.PathOf("repository/blobs"), outer.PathOf("elsewhere"));
        File.CreateSymbolicLink(outer.PathOf("repository/snapshots/abc/config.json"), "../../blobs/1");
        File.CreateSymbolicLink(outer.PathOf("repository/snapshots/abc/model.safetensors"), "../../blobs/2");
        AssertRefused(outer.PathOf("repository/snapshots/abc"), "really lies at");
    }

    [TestMethod]
    public void Open_NoFolder_SaysWhatIsExpected() => AssertRefused("/nowhere/at/all", "no such folder");

    [TestMethod]
    public void Open_NoConfiguration_SaysWhatIsExpected()
    {
        using var folder = new TemporaryFolder();
        AssertRefused(folder.Path, "no config.json");
    }

    [TestMethod]
    [DataRow("{", "'config.json' is not valid JSON")]
    [DataRow("", "'config.json' is not valid JSON")]
    [DataRow("[]", "'config.json' is not a JSON object")]
    [DataRow("null", "'config.json' is not a JSON object")]
    [DataRow("""{"a":1,"a":2}""", "'config.json' is not valid JSON")]
    public void Open_BadConfiguration_IsRefused(string text, string expected)
    {
        using var folder = new TemporaryFolder().With("config.json", text);
        AssertRefused(folder.Path, expected);
    }

    [TestMethod]
    [DataRow("pytorch_model.bin", "safetensors form")]
    [DataRow("model-q4.gguf", "give that file's path")]
    [DataRow("model-00001-of-00002.safetensors", "its index is missing")]
    public void Open_NoWeights_SaysWhatIsThereInstead(string name, string expected)
    {
        using var folder = new TemporaryFolder().With("config.json", "{}").With(name, "");
        AssertRefused(folder.Path, "expected model.safetensors");
        AssertRefused(folder.Path, expected);
    }

    [TestMethod]
    public void Open_ByteOrderMark_IsSkipped()
    {
        using var folder = new TemporaryFolder();
        folder.Write("config.json", [0xEF, 0xBB, 0xBF, (byte)'{', (byte)'}']);
        folder.Write("model.safetensors", _second.ToBytes());
        Checkpoint.Open(folder.Path).Dispose();
    }

    [TestMethod]
    public void GenerationConfiguration_Present_IsRead()
    {
        using var folder = new TemporaryFolder().With("config.json", "{}").With("generation_config.json", """{"eos_token_id":[7,8]}""");
        folder.Write("model.safetensors", _second.ToBytes());
        using var checkpoint = Checkpoint.Open(folder.Path);
        Assert.AreEqual("[7,8]", checkpoint.GenerationConfiguration!["eos_token_id"]!.ToJsonString());
    }

    [TestMethod]
    public void WriteTokenizerFiles_SomeArePresent_CopiesThem()
    {
        using var folder = new TemporaryFolder().With("config.json", "{}").With("tokenizer.json", "1").With("chat_template.jinja", "2").With("other.txt", "3");
        folder.Write("model.safetensors", _second.ToBytes());
        using var output = new TemporaryFolder();
        using var checkpoint = Checkpoint.Open(folder.Path);
        checkpoint.WriteTokenizerFiles(output.Path);
        CollectionAssert.AreEqual(new[] { "chat_template.jinja", "tokenizer.json" }, output.FileNames);
        Assert.AreEqual("1", File.ReadAllText(output.PathOf("tokenizer.json")));
    }

    [TestMethod]
    public void Dispose_Open_LetsGoOfItsFiles()
    {
        using var folder = SafetensorsTests.Folder(_second);
        var checkpoint = Checkpoint.Open(folder.Path);
        checkpoint.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => checkpoint.Weights["c"].ReadRows(0, new float[1]));
    }

    private static TemporaryFolder Sharded(string map) => new TemporaryFolder().With("config.json", "{}").With(IndexName, $$"""{"weight_map":{{map}}}""");

    private static void AssertRefused(string path, string expected)
    {
        var error = Assert.ThrowsExactly<ModelLoadException>(() => Checkpoint.Open(path).Dispose());
        StringAssert.Contains(error.Message, expected);
    }
}
