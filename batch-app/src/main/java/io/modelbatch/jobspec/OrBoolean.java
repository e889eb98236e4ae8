package io.modelbatch.jobspec;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A group that may also be written as {@code true}, which is the group without its keys, or {@code false} in place of none. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@interface OrBoolean {}
