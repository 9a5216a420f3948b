<?php
// Images with the look and the entropy of photographs, drawn here so that none has to be shipped.

function photo(int $width, int $height, bool $transparent = false): GdImage
{
    // Noise on a coarse grid, enlarged: clouds of colour instead of a flat fill.
    $coarse = imagecreatetruecolor(24, 16);
    for ($y = 0; $y < 16; $y++) {
        for ($x = 0; $x < 24; $x++) {
            $light = (int) (200 - 8 * $y + mt_rand(-20, 20));
            imagesetpixel($coarse, $x, $y, imagecolorallocate(
                $coarse, mt_rand(20, 120), max(0, min(255, $light)), mt_rand(120, 220)));
        }
    }
    $image = imagescale($coarse, $width, $height, IMG_BICUBIC);
    imagedestroy($coarse);
    for ($i = 0; $i < 12; $i++) {
        $size = mt_rand(intdiv($width, 20) + 1, intdiv($width, 5) + 2);
        imagefilledellipse($image, mt_rand(0, $width), mt_rand(0, $height), $size, $size,
            imagecolorallocatealpha($image, mt_rand(0, 255), mt_rand(0, 255), mt_rand(0, 255), 80));
    }
    if ($transparent) {
        imagealphablending($image, false);
        imagesavealpha($image, true);
        imagefilledrectangle($image, 0, 0, intdiv($width, 3), intdiv($height, 3),
            imagecolorallocatealpha($image, 255, 255, 255, 127));
    }
    return $image;
}

function write_image(string $file, int $width, int $height, bool $sideways = false): void
{
    $type = strtolower(pathinfo($file, PATHINFO_EXTENSION));
    $image = photo($width, $height, $type === 'png');
    match ($type) {
        'jpg', 'jpeg' => imagejpeg($image, $file, 85),
        'png' => imagepng($image, $file, 6),
        'webp' => imagewebp($image, $file, 80),
        'avif' => imageavif($image, $file, 50, 10),
        'gif' => imagegif($image, $file),
    };
    imagedestroy($image);
    if ($sideways) {
        // An EXIF segment that holds one entry: orientation 6 (turn to the right by 90 degrees).
        $tiff = "II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
        $segment = "Exif\0\0" . $tiff;
        $bytes = file_get_contents($file);
        file_put_contents($file, substr($bytes, 0, 2) . "\xff\xe1"
            . pack('n', strlen($segment) + 2) . $segment . substr($bytes, 2));
    }
}
