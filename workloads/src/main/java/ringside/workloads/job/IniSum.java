package ringside.workloads.job;

/** Evaluates whole numbers with {@code + - * / ( )}, the part of bc that fio's job files use. */
final class IniSum {
    private final String text;
    private int at;

    IniSum(String text) {
        this.text = text.replace(" ", "");
    }

    long value() {
        long result = sum();
        if (at != text.length()) {
            throw bad();
        }
        return result;
    }

    private long sum() {
        long left = product();
        while (at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-')) {
            boolean plus = text.charAt(at++) == '+';
            long right = product();
            left = plus ? Math.addExact(left, right) : Math.subtractExact(left, right);
        }
        return left;
    }

    private long product() {
        long left = factor();
        while (at < text.length() && (text.charAt(at) == '*' || text.charAt(at) == '/')) {
            boolean times = text.charAt(at++) == '*';
            long right = factor();
            if (!times && right == 0) {
                throw bad();
            }
            left = times ? Math.multiplyExact(left, right) : left / right;
        }
        return left;
    }

    private long factor() {
        if (at < text.length() && text.charAt(at) == '(') {
            at++;
            long inner = sum();
            if (at == text.length() || text.charAt(at++) != ')') {
                throw bad();
            }
            return inner;
        }
        int start = at;
        while (at < text.length() && Character.isDigit(text.charAt(at))) {
            at++;
        }
        if (start == at || at - start > 18) {
            throw bad();
        }
        return Long.parseLong(text.substring(start, at));
    }

    private IllegalArgumentException bad() {
        return new IllegalArgumentException(
                "'" + text + "' is no sum of whole numbers: use digits, + - * / and parentheses");
    }
}
