"""How ``jupyter_client`` gets a forked kernel: the provisioner that ``jupyter/kernels/reportkit-fork`` names."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from reportkit.run.forking import take_forked

__all__ = ["ForkProvisioner"]


class ForkProvisioner(LocalProvisioner):
    """Gives ``jupyter_client`` the kernel that `reportkit.run.forking` has ready; without one, starts a plain kernel."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Start the kernel that `cmd` describes and return where it listens."""
        kernel = take_forked()
        if kernel is None:
            return await super().launch_kernel(cmd, **kwargs)
        self.cwd = kwargs.get("cwd") or os.getcwd()
        kernel.start({"argv": _arguments(cmd), "env": dict(kwargs["env"]), "cwd": str(self.cwd)})
        self.process = kernel  # type: ignore[assignment]  # it acts as Popen does
        self.pid, self.pgid = kernel.pid, None
        return self.connection_info


def _arguments(cmd: Sequence[str]) -> list[str]:
    return list(cmd[cmd.index("ipykernel_launcher") + 1 :])
