export interface LonLat { lon: number; lat: number }
export interface MapPoint extends LonLat { id: string; number: string; light: string }
export interface MapView extends LonLat { zoom: number }
