using EdgeAI.TrainDigits;

namespace EdgeAI.Samples.Tests.TrainDigits;

[TestClass]
public class TrainingTests
{
    [TestMethod]
    public void Run_Twice_GivesTheSameParametersBitForBit()
    {
        var options = new TrainingOptions { Steps = 8, BatchSize = 16 };

        CollectionAssert.AreEqual(Train(options).Parameters, Train(options).Parameters);
    }

    [TestMethod]
    public void Run_FewSteps_LowersTheLoss()
    {
        var losses = new List<float>();

        Train(new TrainingOptions { Steps = 60, BatchSize = 16 }, losses);

        Assert.HasCount(60, losses);
        Assert.IsLessThan(losses.Take(10).Average() - 0.2f, losses.TakeLast(10).Average());
    }

    private static Network Train(TrainingOptions options, List<float>? losses = null)
    {
        var network = Network.ForDigits(options.Seed);
        Training.Run(network, options, (_, loss) => losses?.Add(loss));
        return network;
    }
}
