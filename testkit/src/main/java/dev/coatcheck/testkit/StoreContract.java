package dev.coatcheck.testkit;

/** All that a store promises. The test of a store implements this one and names its bench. */
public interface StoreContract
    extends SubmitContract,
        IdempotencyContract,
        ClaimContract,
        LaneContract,
        CapContract,
        ConcurrencyContract,
        SettleContract,
        ParkContract,
        CancelContract,
        LeaseContract,
        FenceContract,
        RemoteClockContract,
        StandingContract,
        LateUsageContract,
        SuspendContract,
        ResumeContract,
        CallbackContract,
        StageContract,
        PruneContract,
        FileContract,
        KnownWorkerContract,
        EventContract,
        ListContract,
        LookContract,
        LifecycleContract {}
