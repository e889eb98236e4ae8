package io.modelbatch.step.command;

import io.modelbatch.extension.StepTypes;
import io.modelbatch.step.StepKit;
import io.modelbatch.step.Workspaces;
import io.modelbatch.store.ObjectStore;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires what the types of steps share that run programs. */
@Configuration(proxyBeanMethods = false)
public class CommandConfiguration {
    @Bean
    RunProgram runProgram(StepKit kit, ObjectStore store, Workspaces workspaces, ProgramPlace place, StepTypes types) {
        return new RunProgram(kit, store, workspaces, new ProgramVariables(place, types, store));
    }
}
