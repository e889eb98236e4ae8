package io.modelbatch.jobspec;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedType;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The JSON Schema of records, from the same annotations that {@link Binder} reads. */
final class OptionsJsonSchema {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final UnaryOperator<String> pattern;
    private final Optional<String> reference;

    /**
     * @param pattern translates the pattern of a text
     * @param reference pattern of what may stand in the place of a number, true or false; empty for nothing
     */
    OptionsJsonSchema(UnaryOperator<String> pattern, Optional<String> reference) {
        this.pattern = pattern;
        this.reference = reference;
    }

    /** A group of exactly these keys, some of them required. */
    ObjectNode group(List<Component> components) {
        ObjectNode group = JSON.objectNode();
        ObjectNode properties = JSON.objectNode();
        ArrayNode required = JSON.arrayNode();
        for (Component component : components) {
            properties.set(component.key(), property(component));
            if (component.required()) {
                required.add(component.key());
            }
        }
        // Nothing at all stands for a group in which nothing is required.
        if (required.isEmpty()) {
            group.putArray("type").add("object").add("null");
        } else {
            group.put("type", "object").set("required", required);
        }
        group.set("properties", properties);
        return group.put("additionalProperties", false);
    }

    private ObjectNode property(Component component) {
        ObjectNode schema = value(component.type(), component.type()).put("description", component.description());
        component.defaultText().ifPresent(text -> putDefault(schema, component, text));
        return schema;
    }

    private static void putDefault(ObjectNode schema, Component component, String text) {
        Object value = component.defaultValue();
        if (value instanceof Boolean bool) {
            schema.put("default", bool);
        } else if (value instanceof Number) {
            schema.put("default", new BigDecimal(text));
        } else {
            schema.put("default", text);
        }
    }

    private ObjectNode value(AnnotatedType annotated, AnnotatedElement constraints) {
        Class<?> type = Binder.raw(annotated);
        if (type.isAnnotationPresent(OrBoolean.class)) {
            ObjectNode group = group(Component.of(type));
            group.putArray("type").add("boolean").add("object");
            return group.put("default", false);
        } else if (type.isRecord()) {
            return group(Component.of(type));
        } else if (type == Map.class) {
            return Binder.raw(Binder.argument(annotated, 0)) == String.class ? named(annotated) : map(annotated);
        } else if (type == List.class) {
            return list(annotated);
        } else if (type == Object.class) {
            ObjectNode plain = JSON.objectNode();
            plain.putArray("type").add("string").add("number").add("boolean");
            return plain;
        } else if (type.isEnum()) {
            return names(EnumNames.of(type));
        } else if (type == boolean.class) {
            return referable("boolean");
        } else if (Scalars.isNumber(type)) {
            return number(type, Bounds.of(constraints));
        }
        return text(constraints);
    }

    private ObjectNode map(AnnotatedType annotated) {
        ObjectNode map = JSON.objectNode();
        map.putArray("type").add("object").add("null");
        ObjectNode properties = map.putObject("properties");
        Class<?> keys = Binder.raw(Binder.argument(annotated, 0));
        AnnotatedType type = Binder.argument(annotated, 1);
        for (String name : EnumNames.of(keys)) {
            ObjectNode value = value(type, EnumNames.constraints(keys, name).orElse(type));
            EnumNames.description(keys, name).ifPresent(text -> value.put("description", text));
            properties.set(name, value);
        }
        return map.put("additionalProperties", false);
    }

    /** A group whose keys are the user's. */
    private ObjectNode named(AnnotatedType annotated) {
        ObjectNode map = JSON.objectNode();
        map.putArray("type").add("object").add("null");
        return map.set("additionalProperties", item(Binder.argument(annotated, 1)));
    }

    private ObjectNode list(AnnotatedType annotated) {
        return JSON.objectNode().put("type", "array").set("items", item(Binder.argument(annotated, 0)));
    }

    /** One of several values. A number, true and false are texts there too, as {@link Binder} reads them. */
    private ObjectNode item(AnnotatedType type) {
        ObjectNode item = value(type, type);
        if (Binder.raw(type) == String.class) {
            item.putArray("type").add("string").add("number").add("boolean");
        }
        return item;
    }

    private static ObjectNode names(List<String> names) {
        ObjectNode schema = JSON.objectNode().put("type", "string");
        names.forEach(schema.putArray("enum")::add);
        return schema;
    }

    private ObjectNode number(Class<?> type, Bounds bounds) {
        ObjectNode schema = referable(Scalars.isWhole(type) ? "integer" : "number");
        bounds.lower().ifPresent(end -> schema.put(end.inclusive() ? "minimum" : "exclusiveMinimum", end.value()));
        bounds.upper().ifPresent(end -> schema.put(end.inclusive() ? "maximum" : "exclusiveMaximum", end.value()));
        return schema;
    }

    /** Limits of numbers do not concern the text, nor its pattern the numbers. */
    private ObjectNode referable(String type) {
        ObjectNode schema = JSON.objectNode();
        if (reference.isEmpty()) {
            return schema.put("type", type);
        }
        schema.putArray("type").add(type).add("string");
        return schema.put("pattern", reference.get());
    }

    private ObjectNode text(AnnotatedElement annotated) {
        ObjectNode schema = JSON.objectNode().put("type", "string");
        if (annotated.isAnnotationPresent(Pattern.class)) {
            String whole = "^(?:" + annotated.getAnnotation(Pattern.class).regexp() + ")$";
            schema.put("pattern", pattern.apply(whole));
        } else if (annotated.isAnnotationPresent(NotBlank.class)) {
            schema.put("pattern", "\\S");
        }
        return schema;
    }
}
