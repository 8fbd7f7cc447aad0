package ringside.emulator;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The clauses of a specification that a test checks, in the form {@code VIRTIO-1.2 2.7.5.3.1}. One pinned version only.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface SpecClause {
    /** Clauses, each with the name and version of its document. */
    String[] value();
}
