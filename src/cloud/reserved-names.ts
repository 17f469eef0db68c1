/** Names that Pipecat Cloud gives to an agent's process itself, so that a secret of that name breaks it or is lost. */

const RESERVED = /^(PORT|SHUTDOWN_TIMEOUT|PIPECAT_LOG_LEVEL|IMAGE_VERSION|ICE_CONFIG_URL|PIPECAT_EVENT_PUBLISHER_ENDPOINT|PIPECAT_SETUP_FILES|(PCC_LOG|PCC_SESSION_FILES|ESP32|WHATSAPP)_\w+)$/;

export function isReservedName(name: string): boolean {
  return RESERVED.test(name);
}
