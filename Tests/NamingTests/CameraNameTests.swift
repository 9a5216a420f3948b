import Model
import Testing

@Suite("Names that cameras and programs give")
struct CameraNameTests {
    @Test(
        "They are known, with WordPress's suffixes too",
        arguments: [
            "IMG_1234", "IMG_20240501_103211", "img-1234-1", "IMG_1234-scaled", "IMG_1234-300x200",
            "IMG_1234-e1712345678901", "IMG_E1234", "DSC0001", "DSC_0001", "_DSC0001", "DSCN1234",
            "DSCF1234", "P1010001", "PXL_20240501_103211123", "PXL_20240501_103211123.MP",
            "MVIMG_20240501_103211", "GOPR0012", "DJI_0012", "20240501_103211", "2024-05-01",
            "12345",
            "Screenshot 2024-05-01 at 10.32.11", "Screenshot_20240501-103211", "Screenshot (12)",
            "Screen Shot 2024-05-01 at 10.32.11 AM", "Bildschirmfoto 2024-05-01 um 10.32.11",
            "Capture d’écran 2024-05-01", "Снимок экрана 2024-05-01", "スクリーンショット 2024-05-01",
            "WhatsApp Image 2024-05-01 at 10.32.11", "WhatsApp-Image-2024-05-01-at-10.32.11-1",
            "IMG-20240501-WA0001", "signal-2024-05-01-103211", "FB_IMG_1712345678901",
            "3f2504e0-4f89-11d3-9a0c-0305e82c3301", "abcdabcd-cafe-beef-dead-abcdefabcdef",
            "d41d8cd98f00b204e9800998ecf8427e", "shutterstock_123456789",
            "istockphoto-123456-612x612",
            "AdobeStock_123456789", "pexels-photo-1234567", "pexels-jane-doe-1234567",
            "jane-doe-3kXq9a-unsplash", "image1", "image", "Untitled", "photo-3", "unnamed (1)",
            "Фото 12", "download",
        ])
    func camera(name: String) {
        #expect(CameraName.matches(name))
    }

    @Test(
        "Names that say something are none",
        arguments: [
            "", "red-bicycle", "IMG_1234 red bicycle", "iphone-15", "route-66", "boeing-747",
            "bmw-x5", "p9", "dead-beef", "cafe", "facade", "screenshot of the settings page",
            "whatsapp-logo", "image-of-a-cat", "photographer", "5-star-hotel", "unsplash-logo",
            "pexels-office", "signal-tower", "red-bicycle-300x200",
        ])
    func named(name: String) {
        #expect(!CameraName.matches(name))
    }
}
