using EdgeAI.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeAI.Engine;

internal static class Simulated
{
    public static EdgeAIBuilder AddSecond(this EdgeAIBuilder builder, Action<SimulatedDeviceOptions>? configure = null) => builder.AddSimulatedDevice("sim:1", configure);

    public static SimulatedDevice Get(EngineFixture fixture, string id) => fixture.Services.GetSimulatedDevice(id);
}
