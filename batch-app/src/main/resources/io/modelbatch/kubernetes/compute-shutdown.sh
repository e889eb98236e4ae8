#!/bin/bash
# Runs when the machine is taken away, 30 seconds before its end. The process gives back its work within 10 seconds.
docker stop --time=20 modelbatch
