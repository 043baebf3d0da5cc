namespace EdgeAI.Scheduling;

[TestClass]
public sealed class AdmissionTests
{
    [TestMethod]
    [DataRow(0L, 0L, 1, 100L, 0L, 0L, 100L, DisplayName = "free")]
    [DataRow(50L, 0L, 1, 100L, 0L, 50L, 150L, DisplayName = "busy")]
    [DataRow(50L, 300L, 1, 100L, 0L, 350L, 450L, DisplayName = "work before it")]
    [DataRow(50L, 300L, 3, 100L, 0L, 150L, 250L, DisplayName = "shared by three lanes")]
    [DataRow(50L, 300L, 1, 100L, 200L, 150L, 250L, DisplayName = "some of it in its own run")]
    [DataRow(50L, 100L, 1, 100L, 200L, 50L, 150L, DisplayName = "never less than nothing")]
    public void Predict_Work_GivesWaitAndFinish(long untilFree, long before, int lanes, long run, long shared, long wait, long finish) =>
        Assert.AreEqual(new Forecast(wait, finish), Admission.Predict(untilFree, before, lanes, run, shared));

    [TestMethod]
    public void Check_Fits_IsAccepted() => Assert.IsNull(Admission.Check(new Forecast(50, 150), timeLeft: 150, maxQueueDelay: 50));

    [TestMethod]
    public void Check_TooLateForItsDeadline_SaysWhenAndWhenToTryAgain() =>
        Assert.AreEqual(new Refusal(RejectionReason.DeadlineInfeasible, RetryAfter: 30, PredictedDuration: 150), Admission.Check(new Forecast(50, 150), timeLeft: 120, maxQueueDelay: 1000));

    [TestMethod]
    public void Check_TooMuchWorkWaits_IsFull() =>
        Assert.AreEqual(new Refusal(RejectionReason.QueueFull, RetryAfter: 20, PredictedDuration: 150), Admission.Check(new Forecast(50, 150), timeLeft: long.MaxValue, maxQueueDelay: 30));
}
