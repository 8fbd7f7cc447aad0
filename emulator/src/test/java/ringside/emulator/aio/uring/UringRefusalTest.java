package ringside.emulator.aio.uring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import ringside.emulator.ffi.NativeException;

/** What a user reads when the host refuses io_uring: what failed and what to do, in one line. */
class UringRefusalTest {
    @ParameterizedTest
    @CsvSource({
        "12, ENOMEM, memlock limit is too low",
        "1, EPERM, kernel.io_uring_disabled=0",
        "13, EACCES, seccomp",
        "38, ENOSYS, Linux 5.6 or later",
        "22, EINVAL, use aio=threads"
    })
    void refusal_namesErrorAndRemedyInOneLine(int errno, String name, String remedy) {
        NativeException refusal = UringRefusal.of(errno);

        assertThat(refusal.errno()).isEqualTo(errno);
        assertThat(refusal)
                .hasMessageContainingAll("io_uring_setup", name, remedy)
                .hasMessageNotContaining("\n");
    }
}
