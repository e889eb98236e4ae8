# Prints, as JSON in the last line, which of Jupyter's parts this Python has, and which kernels papermill would find.
import importlib.metadata
import json
import os


def version(name):
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def described(spec):
    program = (spec.get("argv") or [""])[0]
    is_lost = os.path.isabs(program) and not os.path.exists(program)
    return {"language": spec.get("language"), "lost": program if is_lost else None}


found = {"papermill": version("papermill"), "nbconvert": version("nbconvert"), "kernels": {}}
if found["papermill"]:
    from jupyter_client.kernelspec import KernelSpecManager

    specs = KernelSpecManager().get_all_specs()
    found["kernels"] = {name: described(kernel["spec"]) for name, kernel in specs.items()}
print("\n" + json.dumps(found))
