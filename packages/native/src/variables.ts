import type { SettingVariables } from '@tandem/engine';

/** The environment variables of Tandem's runs. A second name is that of the older tool. */
export const VARIABLES: Required<SettingVariables> = {
  engine: ['TANDEM_ENGINE'],
  workers: ['TANDEM_WORKERS', 'SPORTBALL_RUST_WORKERS'],
  timeout: ['TANDEM_TIMEOUT', 'SPORTBALL_RUST_TIMEOUT'],
};
