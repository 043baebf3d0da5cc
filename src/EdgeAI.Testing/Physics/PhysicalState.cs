namespace EdgeAI.Testing;

/// <summary>
/// Temperature, power and throttling of a device over time. Between changes of power the temperature follows the exact solution of a first-order thermal network,
/// C dT/dt = P - G (T - ambient), so it does not matter how often it is asked. Not thread-safe.
/// </summary>
internal sealed class PhysicalState
{
    private readonly PowerDraw? _power;
    private readonly HeatFlow? _heat;
    private double _ambient;
    private double _temperature;
    private double _utilisation;
    private double _joules;
    private bool _isHot;
    private TimeSpan _at;

    /// <summary>A device that has rested long enough to be as warm as its idle power makes it.</summary>
    public PhysicalState(PowerDraw? power, HeatFlow? heat, double ambient)
    {
        _power = power;
        _heat = heat;
        _ambient = ambient;
        if (heat is not null) _temperature = SteadyTemperature(power!.Idle);
    }

    public double Ambient
    {
        get => _ambient;
        set => _ambient = value;
    }

    public double? Temperature => _heat is null ? null : _temperature;

    public double? Power => _power?.At(_utilisation, SpeedAt(_utilisation));

    public double? Joules => _power is null ? null : _joules;

    /// <summary>Whether it runs slower than it could; <see langword="null"/> where it has neither limit.</summary>
    public bool? IsThrottled => _heat?.Limit is null && _power?.Limit is null ? null : SpeedAt(_utilisation) < 1;

    /// <summary>Lets time pass.</summary>
    /// <param name="now">Since the device was made; earlier than before is taken as now.</param>
    public void Advance(TimeSpan now)
    {
        var seconds = (now - _at).TotalSeconds;
        if (seconds <= 0) return;
        _at = now;
        while (seconds > 0) seconds -= Step(seconds);
    }

    /// <summary>Lets time pass, then changes how busy it is.</summary>
    /// <param name="now">Since the device was made.</param>
    /// <param name="utilisation">0 to 1.</param>
    public void SetUtilisation(TimeSpan now, double utilisation)
    {
        Advance(now);
        _utilisation = utilisation;
    }

    /// <summary>The speed at which it would run now, as a share of full speed.</summary>
    public double SpeedAt(double utilisation)
    {
        var speed = _isHot ? _heat!.ThrottledSpeed : 1;
        return _power?.Restrain(utilisation, speed) ?? speed;
    }

    /// <summary>One stretch of constant power, to its end or to where throttling begins or ends.</summary>
    private double Step(double most)
    {
        var power = Power ?? 0;
        if (_heat is null)
        {
            _joules += power * most;
            return most;
        }

        var steady = SteadyTemperature(power);
        var untilSwitch = SecondsUntilSwitch(steady);
        var step = Math.Min(most, untilSwitch);
        _joules += power * step;
        _temperature = steady + ((_temperature - steady) * Math.Exp(-step / _heat.TimeConstant));
        if (untilSwitch > most) return step;
        if (untilSwitch > 0) _temperature = Threshold;
        _isHot = !_isHot;
        return step;
    }

    private double Threshold => _isHot ? _heat!.Recovery : _heat!.Limit!.Value;

    private double SteadyTemperature(double power) => _ambient + (power / _heat!.Conductance);

    private double SecondsUntilSwitch(double steady)
    {
        if (_heat!.Limit is null) return double.PositiveInfinity;
        var (away, target) = _isHot ? (_temperature - Threshold, Threshold - steady) : (Threshold - _temperature, steady - Threshold);
        if (away <= 0) return 0;
        return target > 0 ? _heat.TimeConstant * Math.Log((_temperature - steady) / (Threshold - steady)) : double.PositiveInfinity;
    }
}
