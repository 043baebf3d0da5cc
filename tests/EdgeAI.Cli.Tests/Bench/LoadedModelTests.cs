using EdgeAI.Cli.Bench;
using Microsoft.Extensions.Time.Testing;

namespace EdgeAI.Cli.Tests.Bench;

[TestClass]
public sealed class LoadedModelTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<string> _said = [];

    [TestMethod]
    public async Task SettleAsync_Settled_SaysNothing()
    {
        await LoadedModel.SettleAsync(new ScriptedTuning { IsSettled = true }, TimeSpan.FromSeconds(1), _said.Add, _time, CancellationToken.None);

        Assert.IsEmpty(_said);
    }

    [TestMethod]
    public async Task SettleAsync_Measuring_WaitsAndSaysSo()
    {
        var tuning = new ScriptedTuning();

        var settling = LoadedModel.SettleAsync(tuning, TimeSpan.FromSeconds(1), _said.Add, _time, CancellationToken.None);
        Assert.IsFalse(settling.IsCompleted);
        tuning.Settle();
        await settling;

        Assert.HasCount(1, _said);
    }

    [TestMethod]
    public async Task SettleAsync_LimitOver_GoesOnAndSaysSo()
    {
        var settling = LoadedModel.SettleAsync(new ScriptedTuning(), TimeSpan.FromSeconds(1.5), _said.Add, _time, CancellationToken.None);
        _time.Advance(TimeSpan.FromSeconds(2));
        await settling;

        Assert.HasCount(2, _said);
        Assert.Contains("1.5 s", _said[1]);
    }

    [TestMethod]
    public async Task SettleAsync_NoLimit_DoesNotWait()
    {
        await LoadedModel.SettleAsync(new ScriptedTuning(), TimeSpan.Zero, _said.Add, _time, CancellationToken.None);

        Assert.IsEmpty(_said);
    }

    [TestMethod]
    public async Task SettleAsync_Cancelled_Ends()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAsync<OperationCanceledException>(() => LoadedModel.SettleAsync(new ScriptedTuning(), TimeSpan.FromSeconds(1), _said.Add, _time, cancelled.Token));
    }

    /// <summary>Settles when told to.</summary>
    private sealed class ScriptedTuning : IPlanTuning
    {
        private readonly TaskCompletionSource<ModelPlan> _settled = new();

        public ModelPlan Plan { get; } = new("cpu:0", 1, 1, 1);

        public bool IsSettled { get; init; }

        public void Settle() => _settled.SetResult(Plan);

        public Task<ModelPlan> WaitUntilSettledAsync(CancellationToken cancellationToken = default) => _settled.Task.WaitAsync(cancellationToken);
    }
}
