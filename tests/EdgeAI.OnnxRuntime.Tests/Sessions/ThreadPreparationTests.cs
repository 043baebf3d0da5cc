using EdgeAI.Devices;
using static EdgeAI.OnnxRuntime.Tests.TestModels;

namespace EdgeAI.OnnxRuntime.Tests.Sessions;

/// <summary>What a provider adds about threads.</summary>
[TestClass]
public sealed class ThreadPreparationTests
{
    [TestMethod]
    public async Task OpenAsync_SetupWithThreads_SessionAnswersForThemAndDisposesThem()
    {
        var threads = new Threads();
        var session = await OpenAsync(Double(), new DeviceSessionOptions(), new OnnxSessionSetup { DeviceId = "cpu:0", Threads = threads });

        Assert.AreSame(threads, ((IServiceProvider)session).GetService(typeof(IThreadPreparation)));
        Assert.IsFalse(threads.IsDisposed);
        await session.DisposeAsync();
        Assert.IsTrue(threads.IsDisposed);
    }

    [TestMethod]
    public async Task OpenAsync_SetupWithout_SessionAnswersNull()
    {
        await using var session = await OpenAsync(Double());

        Assert.IsNull(((IServiceProvider)session).GetService(typeof(IThreadPreparation)));
    }

    [TestMethod]
    public async Task OpenAsync_EnterLoading_SurroundsTheLoadOnItsThread()
    {
        List<(string Step, int Thread)> steps = [];
        void Add(string step) => steps.Add((step, System.Environment.CurrentManagedThreadId));
        var setup = new OnnxSessionSetup
        {
            DeviceId = "cpu:0",
            Configure = _ => Add("load"),
            EnterLoading = () =>
            {
                Add("enter");
                return new Scope(() => Add("leave"));
            },
        };

        await using var session = await OpenAsync(Double(), new DeviceSessionOptions(), setup);

        CollectionAssert.AreEqual(new[] { "enter", "load", "leave" }, steps.Select(step => step.Step).ToArray());
        Assert.HasCount(1, steps.DistinctBy(step => step.Thread));
    }

    [TestMethod]
    public async Task OpenAsync_LoadThatFails_LeavesAllTheSame()
    {
        var hasLeft = false;
        var setup = new OnnxSessionSetup { DeviceId = "cpu:0", EnterLoading = () => new Scope(() => hasLeft = true) };
        var options = new DeviceSessionOptions { Settings = new Dictionary<string, string> { [""] = "1" } };

        await Assert.ThrowsExactlyAsync<ModelLoadException>(() => OpenAsync(Double(), options, setup));

        Assert.IsTrue(hasLeft);
    }

    private sealed class Threads : IThreadPreparation, IDisposable
    {
        public bool IsDisposed { get; private set; }

        public void PrepareThread()
        {
        }

        public void Dispose() => IsDisposed = true;
    }

    private sealed class Scope(Action leave) : IDisposable
    {
        public void Dispose() => leave();
    }
}
