using System.Diagnostics.CodeAnalysis;
using EdgeAI;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers routing policies.</summary>
public static class RoutingPolicyBuilderExtensions
{
    /// <summary>Registers a routing policy as a singleton, for models that name it in <see cref="ModelOptions.RoutingPolicy"/>. Adding the same type twice is harmless.</summary>
    public static EdgeAIBuilder AddRoutingPolicy<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TPolicy>(this EdgeAIBuilder builder)
        where TPolicy : class, IRoutingPolicy
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IRoutingPolicy, TPolicy>());
        return builder;
    }
}
