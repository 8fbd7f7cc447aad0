package ringside.emulator.block.filter;

import java.util.Arrays;
import ringside.emulator.block.BlockRequest;

/** Requests in the order of their arrival: a ring that grows to the largest number in it and then stays. */
final class RequestQueue {
    private BlockRequest[] requests = new BlockRequest[64];
    private int first;
    private int count;

    boolean isEmpty() {
        return count == 0;
    }

    int size() {
        return count;
    }

    BlockRequest first() {
        return requests[first];
    }

    void add(BlockRequest request) {
        if (count == requests.length) {
            BlockRequest[] more = Arrays.copyOf(requests, 2 * count);
            System.arraycopy(requests, first, more, 0, count - first);
            System.arraycopy(requests, 0, more, count - first, first);
            requests = more;
            first = 0;
        }
        requests[(first + count++) & (requests.length - 1)] = request;
    }

    BlockRequest remove() {
        BlockRequest request = requests[first];
        requests[first] = null;
        first = (first + 1) & (requests.length - 1);
        count--;
        return request;
    }
}
