namespace EdgeAI.Testing.Tests.Conformance.Flaws;

/// <summary>A way to break the contracts, which the suites must notice.</summary>
public enum Flaw
{
    None,

    // Discovery
    UpperCaseName,
    SilentAbsence,
    ReasonWithFullStop,
    NewDevicesEachTime,
    ForeignProviderName,

    // Device
    NegativeFreeMemory,
    NegativeLanes,
    LanesStayBusy,
    ChangingFacts,
    MoodySupport,
    RenamedOutputs,
    RefusesForeignSettings,
    DeclinesButOpens,
    DeclinesAdd,
    AcceptsUnknownOperators,
    IgnoresCancelledOpening,
    OneSessionForAll,
    OpensWhenDisposed,
    UsesDescriptorLater,

    // Session and binding
    WrongElements,
    SwappedOutputs,
    BindsContents,
    IgnoresBoundOutputs,
    AcceptsUnfitTensors,
    HandsOverTwice,
    ReusesHandedOverOutputs,
    GivesOutputsWithoutRun,
    IgnoresCancelledRun,
    DisposesInputs,
    RunsWhenDisposed,
    AllocatesEachRun,
    SharesInputsAmongBindings,
    NoConcurrency,
    OneBindingForAll,
    BindsWhenDisposed,
    PadsEmptyOutputs,
    KeepsFirstInputs,
    WritesUnboundOutputs,
    TakesOutputsBack,
    IgnoresIndexes,
    RunsWithoutInputs,

    // Memory
    Misaligned,
    ShortBlocks,
    NeverOutOfMemory,
    CopiesMismatched,
    CopiesNothing,
    OverlappingBlocks,
    ClaimsDeviceMemory,
    KeepsBlocks,

    // Faults
    UntypedFaults,
    NeverFails,
    FaultOfNoDevice,
}
