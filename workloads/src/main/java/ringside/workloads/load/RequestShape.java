package ringside.workloads.load;

import ringside.workloads.unit.IoUnit;

/** Fills in where a request of a given direction goes and how long it is. Confined to one thread; does not allocate. */
sealed interface RequestShape permits PlainShape, MixedShape {
    /** Sets direction, offset and length. */
    void place(IoUnit unit, IoUnit.Op op);

    /** Starts the same sequence again. */
    void restart();
}
