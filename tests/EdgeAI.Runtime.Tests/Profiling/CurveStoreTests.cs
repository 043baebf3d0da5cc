using Microsoft.Extensions.Logging.Testing;

namespace EdgeAI.Profiling;

[TestClass]
public sealed class CurveStoreTests
{
    private static readonly CurveKey _key = new("model", "x=1x3", "cpu:0", "1.0");
    private readonly FakeLogger _logger = new();
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "edgeai-curves-" + Guid.NewGuid().ToString("N"));

    [TestCleanup]
    public void RemoveFolder()
    {
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    [TestMethod]
    public void TryLoad_AfterSave_ReturnsEqualResult()
    {
        var saved = Result(4);
        Store().Save(_key, saved);

        var loaded = Store().TryLoad(_key)!;

        Assert.AreEqual(saved.Plan, loaded.Plan);
        Assert.AreEqual(saved.MaxBatch, loaded.MaxBatch);
        Assert.HasCount(1, loaded.Curves);
        CollectionAssert.AreEqual(saved.Curves[0].Alone.Points.ToArray(), loaded.Curves[0].Alone.Points.ToArray());
        CollectionAssert.AreEqual(saved.Curves[0].Crowded.Points.ToArray(), loaded.Curves[0].Crowded.Points.ToArray());
        Assert.HasCount(1, Directory.GetFiles(_folder), "no temporary file may stay");
        Assert.AreEqual(0, _logger.Collector.Count);
    }

    [TestMethod]
    public void TryLoad_NothingSaved_IsSilent()
    {
        Assert.IsNull(Store().TryLoad(_key));
        Assert.AreEqual(0, _logger.Collector.Count);
    }

    [TestMethod]
    public void TryLoad_AnyPartOfTheKeyDiffers_ReturnsNull()
    {
        Store().Save(_key, Result(4));

        Assert.IsNull(Store().TryLoad(_key with { Model = "other" }));
        Assert.IsNull(Store().TryLoad(_key with { Shapes = "other" }));
        Assert.IsNull(Store().TryLoad(_key with { Device = "other" }));
        Assert.IsNull(Store().TryLoad(_key with { Versions = "other" }));
    }

    [TestMethod]
    public void TryLoad_FileOfAnotherKey_IsIgnoredAndLoggedOnce()
    {
        var store = Store();
        var other = _key with { Model = "other" };
        store.Save(_key, Result(4));
        File.Move(store.PathOf(_key), store.PathOf(other));

        Assert.IsNull(store.TryLoad(other));
        Assert.IsNull(store.TryLoad(other));
        Assert.AreEqual(1, _logger.Collector.Count);
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("null")]
    [DataRow("[]")]
    [DataRow("{}")]
    [DataRow("not json")]
    [DataRow("{\"format\":1,\"key\":{\"model\":\"model\",\"shapes\":\"x=1x3\",\"device\":\"cpu:0\",\"versions\":\"1.0\"}}")]
    public void TryLoad_CorruptFile_IsIgnoredAndReplacedBySave(string content)
    {
        var store = Store();
        Directory.CreateDirectory(_folder);
        File.WriteAllText(store.PathOf(_key), content);

        Assert.IsNull(store.TryLoad(_key));
        Assert.AreEqual(1, _logger.Collector.Count);
        store.Save(_key, Result(4));
        Assert.IsNotNull(store.TryLoad(_key));
    }

    [TestMethod]
    [DataRow("\"maxBatch\": 4", "\"maxBatch\": 0")]
    [DataRow("\"format\": 2", "\"format\": 3")]
    [DataRow("\"lanes\": 2", "\"lanes\": 0")]
    [DataRow("\"medianTicks\": 100", "\"medianTicks\": -100")]
    [DataRow("\"rows\": 4", "\"rows\": 1")]
    [DataRow("\"crowded\"", "\"crowd\"")]
    public void TryLoad_ImpossibleValue_IsIgnored(string from, string to)
    {
        var store = Store();
        store.Save(_key, Result(4));
        var text = File.ReadAllText(store.PathOf(_key));
        Assert.Contains(from, text);
        File.WriteAllText(store.PathOf(_key), text.Replace(from, to, StringComparison.Ordinal));

        Assert.IsNull(store.TryLoad(_key));
        Assert.AreEqual(1, _logger.Collector.Count);
    }

    [TestMethod]
    public void TryLoad_TruncatedAnywhere_NeverThrows()
    {
        var store = Store();
        store.Save(_key, Result(4));
        var bytes = File.ReadAllBytes(store.PathOf(_key));
        for (var length = 0; length < bytes.Length; length++)
        {
            File.WriteAllBytes(store.PathOf(_key), bytes[..length]);
            Assert.IsNull(store.TryLoad(_key));
        }
    }

    [TestMethod]
    public void Save_FolderCannotBeWritten_IsLoggedOnceAndServingGoesOn()
    {
        // A file where the folder should be: refused for every user, also for root.
        File.WriteAllText(_folder, "");
        try
        {
            var store = Store();
            store.Save(_key, Result(4));
            store.Save(_key, Result(4));

            Assert.AreEqual(1, _logger.Collector.Count);
            Assert.IsNull(store.TryLoad(_key));
        }
        finally
        {
            File.Delete(_folder);
        }
    }

    [TestMethod]
    public void Save_TargetCannotBeReplaced_LeavesNoTemporaryFile()
    {
        var store = Store();
        Directory.CreateDirectory(store.PathOf(_key));

        store.Save(_key, Result(4));

        Assert.IsEmpty(Directory.GetFiles(_folder));
        Assert.AreEqual(1, _logger.Collector.Count);
    }

    [TestMethod]
    [DataRow(MeasurementCache.ReadOnly)]
    [DataRow(MeasurementCache.Off)]
    public void Save_NotAsked_WritesNothing(MeasurementCache mode)
    {
        Store(mode).Save(_key, Result(4));

        Assert.IsFalse(Directory.Exists(_folder));
    }

    [TestMethod]
    [DataRow(MeasurementCache.ReadOnly, true)]
    [DataRow(MeasurementCache.Off, false)]
    public void TryLoad_Mode_DecidesWhetherEarlierMeasurementsAreUsed(MeasurementCache mode, bool used)
    {
        Store().Save(_key, Result(4));

        Assert.AreEqual(used, Store(mode).TryLoad(_key) is not null);
    }

    [TestMethod]
    public void Save_Concurrently_ReadersSeeWholeResults()
    {
        var store = Store();
        store.Save(_key, Result(1));
        Parallel.For(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 4 }, index =>
        {
            if (index % 2 == 0) store.Save(_key, Result(1 + (index % 8)));
            else Assert.IsNotNull(store.TryLoad(_key));
        });

        Assert.HasCount(1, Directory.GetFiles(_folder));
        Assert.AreEqual(0, _logger.Collector.Count);
    }

    [TestMethod]
    public void Save_TooManyFiles_RemovesTheOldestAndNothingForeign()
    {
        Directory.CreateDirectory(_folder);
        var start = new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        for (var i = 0; i < CurveStore.MostFiles + 2; i++)
        {
            var path = Path.Combine(_folder, $"{i}.json");
            File.WriteAllText(path, "");
            File.SetLastWriteTimeUtc(path, start.AddMinutes(i));
        }

        File.WriteAllText(Path.Combine(_folder, "README"), "");
        File.SetLastWriteTimeUtc(Path.Combine(_folder, "README"), start.AddYears(-1));
        var store = Store();

        store.Save(_key, Result(4));

        Assert.HasCount(CurveStore.MostFiles, Directory.GetFiles(_folder, "*.json"));
        Assert.IsFalse(File.Exists(Path.Combine(_folder, "2.json")));
        Assert.IsTrue(File.Exists(Path.Combine(_folder, "3.json")));
        Assert.IsTrue(File.Exists(Path.Combine(_folder, "README")));
        Assert.IsNotNull(store.TryLoad(_key));
    }

    [TestMethod]
    [DataRow("/c", "/h", false, "/c/edgeai/curves")]
    [DataRow(null, "/h", false, "/h/.cache/edgeai/curves")]
    [DataRow("", "/h", false, "/h/.cache/edgeai/curves")]
    [DataRow("relative", "/h", false, "/h/.cache/edgeai/curves")]
    [DataRow(null, "/h", true, "/h/Library/Caches/edgeai/curves")]
    [DataRow(null, null, false, null)]
    public void Default_Environment_NamesTheCacheFolder(string? xdg, string? home, bool isMacOS, string? expected)
    {
        if (OperatingSystem.IsWindows()) Assert.Inconclusive("The paths are those of Unix.");

        Assert.AreEqual(expected, CurveFolder.Default(name => name == "XDG_CACHE_HOME" ? xdg : name == "HOME" ? home : null, isWindows: false, isMacOS));
    }

    private static SweepResult Result(int maxBatch)
    {
        var plan = new LanePlan(2, 1);
        return new SweepResult(plan, maxBatch, [new PlanCurves(plan, LatencyCurveTests.Curve((1, 90.5), (4, 300)), LatencyCurveTests.Curve((1, 100), (4, 320)))]);
    }

    private CurveStore Store(MeasurementCache mode = MeasurementCache.ReadWrite) => new(_folder, mode, _logger);
}
