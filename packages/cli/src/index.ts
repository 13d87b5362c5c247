export { main, type ProgramName } from './main.ts';
export { EXIT, type ExitCode } from './run/exit-codes.ts';
