namespace EdgeAI.Engine;

[TestClass]
public sealed class ModelPlanTests
{
    [TestMethod]
    public async Task GetService_ModelPlan_TellsHowTheModelIsServed()
    {
        await using var fixture = new EngineFixture();
        await using var model = await fixture.Engine.LoadModelAsync(TestModels.Echo(), new ModelOptions { Lanes = 3, ThreadsPerLane = 2 });

        Assert.AreEqual(new ModelPlan(fixture.Device.Info.Id, Lanes: 3, Threads: 2, MaxBatch: 1), model.GetService(typeof(ModelPlan)));
    }
}
