namespace EdgeAI.Testing;

/// <summary>What a device draws: in proportion to how busy it is and how fast it runs.</summary>
/// <param name="Idle">Watts when nothing runs.</param>
/// <param name="Busy">Watts when fully busy at full speed.</param>
/// <param name="Limit">Watts that it may draw; it slows down to keep them. <see langword="null"/>: no limit.</param>
internal sealed record PowerDraw(double Idle, double Busy, double? Limit)
{
    /// <summary>Watts.</summary>
    public double At(double utilisation, double speed) => Idle + ((Busy - Idle) * utilisation * speed);

    /// <summary>The speed that keeps the limit, given the speed that heat allows.</summary>
    public double Restrain(double utilisation, double speed)
    {
        if (Limit is not { } limit || At(utilisation, speed) <= limit) return speed;
        return (limit - Idle) / ((Busy - Idle) * utilisation);
    }
}
