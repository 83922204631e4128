export interface AlternativeNames {
  dns: string[];
  ip: Buffer[];
  email: string[];
  uri: string[];
}
