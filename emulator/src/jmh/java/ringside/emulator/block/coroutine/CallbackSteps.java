package ringside.emulator.block.coroutine;

import ringside.emulator.block.BlockBackend;
import ringside.emulator.block.BlockRequest;

/** The steps as explicit state: each completion of the child decides what comes next. */
final class CallbackSteps implements BlockBackend {
    private final BlockBackend child;
    private final int steps;

    CallbackSteps(BlockBackend child, int steps) {
        this.child = child;
        this.steps = steps;
    }

    private final class Slot {
        private final BlockRequest request;
        private final BlockRequest mine = new BlockRequest(this::stepped);
        private int done;

        Slot(BlockRequest request) {
            this.request = request;
        }

        void begin() {
            done = 0;
            next();
        }

        private void next() {
            mine.offsetBytes = request.offsetBytes + done;
            child.submit(mine);
        }

        private void stepped(BlockRequest ended, int error) {
            done++;
            if (error != 0 || done == steps) {
                request.completion.completed(request, error);
            } else {
                next();
            }
        }
    }

    @Override
    public void submit(BlockRequest request) {
        if (!(request.layerState instanceof Slot)) {
            request.layerState = new Slot(request);
        }
        ((Slot) request.layerState).begin();
    }

    @Override
    public void commit() {
        child.commit();
    }

    @Override
    public void close() {
        child.close();
    }
}
