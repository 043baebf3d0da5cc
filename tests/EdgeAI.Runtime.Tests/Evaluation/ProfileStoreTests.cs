using Microsoft.Extensions.Logging.Testing;

namespace EdgeAI.Evaluation;

[TestClass]
public sealed class ProfileStoreTests
{
    private static readonly ProfileKey _key = new("cpu:0", "1.0");
    private static readonly DeviceProfile _profile = new()
    {
        MeasuredAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
        Versions = "1.0",
        Threads = 4,
        ReadBandwidth = 2e10,
        ReadRates = [new ReadRate(1 << 20, 5e10)],
        Gemm = [new GemmRate(TensorElementType.Int4, 8, 1e11)],
        Operators = [new OperatorRate("add", 512, 1e10, 1e11)],
        NodeOverheads = [new NodeOverhead("If", TimeSpan.FromMicroseconds(3))],
        RunOverhead = TimeSpan.FromMicroseconds(3.5),
        SustainedRatio = 0.9,
        Unstable = ["gemm int4"],
        Missing = ["transfer: none"],
    };

    private readonly FakeLogger _logger = new();
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "edgeai-profiles-" + Guid.NewGuid().ToString("N"));

    [TestCleanup]
    public void RemoveFolder()
    {
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    [TestMethod]
    public void TryLoad_AfterSave_ReturnsAnEqualProfile()
    {
        Store().Save(_key, _profile);

        var loaded = Store().TryLoad(_key)!;

        Assert.AreEqual(_profile.ReadBandwidth, loaded.ReadBandwidth);
        Assert.AreEqual(_profile.RunOverhead, loaded.RunOverhead);
        Assert.AreEqual(_profile.SustainedRatio, loaded.SustainedRatio);
        Assert.AreEqual(_profile.MeasuredAt, loaded.MeasuredAt);
        Assert.AreEqual(_profile.Threads, loaded.Threads);
        CollectionAssert.AreEqual(_profile.Gemm.ToArray(), loaded.Gemm.ToArray());
        CollectionAssert.AreEqual(_profile.ReadRates.ToArray(), loaded.ReadRates.ToArray());
        CollectionAssert.AreEqual(_profile.Operators.ToArray(), loaded.Operators.ToArray());
        CollectionAssert.AreEqual(_profile.NodeOverheads.ToArray(), loaded.NodeOverheads.ToArray());
        CollectionAssert.AreEqual(_profile.Unstable.ToArray(), loaded.Unstable.ToArray());
        CollectionAssert.AreEqual(_profile.Missing.ToArray(), loaded.Missing.ToArray());
        Assert.HasCount(1, Directory.GetFiles(_folder), "no temporary file may stay");
        Assert.AreEqual(0, _logger.Collector.Count);
    }

    [TestMethod]
    public void TryLoad_OtherVersions_IsIgnoredAndTheirProfileTakesItsPlace()
    {
        Store().Save(_key, _profile);
        var updated = _key with { Versions = "2.0" };

        Assert.IsNull(Store().TryLoad(updated));
        Store().Save(updated, _profile with { Versions = "2.0" });

        Assert.HasCount(1, Directory.GetFiles(_folder));
        Assert.IsNull(Store().TryLoad(_key));
        Assert.AreEqual("2.0", Store().TryLoad(updated)!.Versions);
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("null")]
    [DataRow("{}")]
    [DataRow("""{"format":1,"key":{"device":"cpu:0","versions":"1.0"},"profile":null}""")]
    [DataRow("""{"format":1,"key":{"device":"cpu:0","versions":"1.0"},"profile":{"measuredAt":"2026-01-02T03:04:05+00:00","versions":"1.0","gemm":[null]}}""")]
    [DataRow("""{"format":1,"key":{"device":"cpu:0","versions":"1.0"},"profile":{"measuredAt":"2026-01-02T03:04:05+00:00","versions":"1.0","readBandwidth":-1}}""")]
    public void TryLoad_DamagedFile_IsIgnoredAndLoggedOnce(string content)
    {
        var store = Store();
        Directory.CreateDirectory(_folder);
        File.WriteAllText(store.PathOf(_key), content);

        Assert.IsNull(store.TryLoad(_key));
        Assert.IsNull(store.TryLoad(_key));

        Assert.AreEqual(1, _logger.Collector.Count);
    }

    [TestMethod]
    public void TryLoad_ImpossibleFigureInAWholeFile_IsIgnored()
    {
        Store().Save(_key, _profile);
        var path = Store().PathOf(_key);
        File.WriteAllText(path, File.ReadAllText(path).Replace("\"threads\": 4", "\"threads\": 0", StringComparison.Ordinal));

        Assert.IsNull(Store().TryLoad(_key));
    }

    [TestMethod]
    public void Save_ReadOnlyOrOff_WritesNothing()
    {
        Store(MeasurementCache.ReadOnly).Save(_key, _profile);
        Store(MeasurementCache.Off).Save(_key, _profile);
        Assert.IsFalse(Directory.Exists(_folder));

        Store().Save(_key, _profile);
        Assert.IsNotNull(Store(MeasurementCache.ReadOnly).TryLoad(_key));
        Assert.IsNull(Store(MeasurementCache.Off).TryLoad(_key));
    }

    private ProfileStore Store(MeasurementCache mode = MeasurementCache.ReadWrite) => new(_folder, mode, _logger);
}
