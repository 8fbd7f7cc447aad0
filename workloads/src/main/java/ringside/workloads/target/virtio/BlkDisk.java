package ringside.workloads.target.virtio;

import ringside.emulator.memory.GuestAllocator;
import ringside.emulator.memory.GuestMemory;

/**
 * What the queues of one disk have in common.
 *
 * @param memory guest memory, for the buffers
 * @param allocator hands it out
 * @param capacityBytes size of the disk
 * @param place where the device runs, which decides what of a request's time can be seen
 * @param onLoss told when the device asks for a reset
 */
public record BlkDisk(GuestMemory memory, GuestAllocator allocator, long capacityBytes, Place place, Loss onLoss) {
    /** Where the device runs. */
    public enum Place {
        /** In this process: it stamps the timelines, too. */
        HERE,
        /** In a server: only the driver's own points are known. */
        ELSEWHERE
    }

    /** What to do when nothing in flight will ever complete. Called by the load thread that noticed. */
    public interface Loss {
        /** Ends the load with an exception: there is no way on. */
        Loss FATAL = queue -> {
            throw new IllegalStateException("the device behind queue " + queue + " needs a reset");
        };

        /**
         * Repairs the device or throws.
         *
         * @param queue number of the queue on which it was noticed
         */
        void lost(int queue);
    }
}
