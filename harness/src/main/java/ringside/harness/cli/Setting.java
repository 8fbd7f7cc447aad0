package ringside.harness.cli;

import java.util.List;
import ringside.harness.HarnessException;
import ringside.harness.suite.Option;
import ringside.harness.suite.SuiteOption;
import ringside.harness.suite.SuiteSpec;

/** {@code --set name=value[,value...]}. */
final class Setting {
    private Setting() {}

    static SuiteSpec apply(SuiteSpec suite, String text) {
        int equals = text.indexOf('=');
        if (equals < 1) {
            throw HarnessException.badInput("--set " + text + ": write --set NAME=VALUE");
        }
        String name = text.substring(0, equals);
        SuiteOption option = SuiteOption.find(name)
                .orElseThrow(() -> HarnessException.badInput(
                        "--set " + text + ": unknown option '" + name + "': use one of " + Option.allLabels()));
        List<String> values = List.of(text.substring(equals + 1).split(",", -1));
        for (String value : values) {
            if (value.isEmpty()) {
                throw HarnessException.badInput("--set " + text + ": a value is empty");
            }
            try {
                option.check(value);
            } catch (IllegalArgumentException e) {
                throw HarnessException.badInput("--set " + name + ": " + e.getMessage(), e);
            }
        }
        return suite.with(name, values);
    }
}
